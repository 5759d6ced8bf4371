/** Compares two image configurations. */
import { isRecord } from "../../records.ts";

/** One place in which two image configurations differ. */
export interface ConfigDifference {
  /** `config.Env`, `history[3].created_by`. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** All differences of two configurations, except what a rewrite of layers must change: diff IDs and `empty_layer`. */
export function compareConfigs(before: unknown, after: unknown): ConfigDifference[] {
  const differences: ConfigDifference[] = [];
  compare(before, after, "", differences);
  return differences;
}

function compare(before: unknown, after: unknown, path: string, into: ConfigDifference[]): void {
  if (path === "rootfs.diff_ids" || /^history\[\d+\]\.empty_layer$/.test(path)) return;
  if (Array.isArray(before) && Array.isArray(after)) {
    // a list of strings is one value; lists of objects (history) are compared item by item
    if (![...before, ...after].every((item) => typeof item === "object" && item !== null)) {
      if (JSON.stringify(before) !== JSON.stringify(after)) into.push({ path, before, after });
      return;
    }
    for (let i = 0; i < Math.max(before.length, after.length); i++)
      compare(before[i], after[i], `${path}[${i}]`, into);
    return;
  }
  if (isRecord(before) && isRecord(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)]))
      compare(before[key], after[key], path === "" ? key : `${path}.${key}`, into);
    return;
  }
  if (JSON.stringify(before) !== JSON.stringify(after)) into.push({ path, before, after });
}
