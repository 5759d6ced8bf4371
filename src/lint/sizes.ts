/** Parses sizes and shares: `10MB`, `5%`. */
import { UserError } from "../errors.ts";

const units: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  k: 1e3,
  kb: 1e3,
  m: 1e6,
  mb: 1e6,
  g: 1e9,
  gb: 1e9,
  t: 1e12,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/** Parses a size into bytes: `10MB`, `1.5 GiB`, `500000`; MB = 10⁶, MiB = 2²⁰. Throws `UserError` naming `option`. */
export function parseSize(text: string, option: string): number {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text);
  const unit = units[match?.[2]?.toLowerCase() ?? "?"];
  if (match === null || unit === undefined) {
    throw new UserError(`${option} ${text}: write a size such as 10MB, 1.5GiB or 500000`);
  }
  return Math.round(Number(match[1]) * unit);
}

/** Parses a size, or a share such as `5%`. Throws `UserError` naming `option`. */
export function parseSizeOrShare(text: string, option: string): { bytes: number } | { share: number } {
  const match = /^\s*(\d+(?:\.\d+)?)\s*%\s*$/.exec(text);
  if (match === null) {
    if (text.includes("%")) throw new UserError(`${option} ${text}: write a percentage such as 5% or 0.5%`);
    return { bytes: parseSize(text, option) };
  }
  const share = Number(match[1]) / 100;
  if (share > 1) throw new UserError(`${option} ${text}: a percentage is at most 100%`);
  return { share };
}
