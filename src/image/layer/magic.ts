import { UserError } from "../../errors.ts";
import type { Compression } from "../image.ts";

/**
 * What the first bytes of a blob say it is; the extension and the media type never decide
 * (docs/spec/image-formats.md, section 2).
 */
export function sniffCompression(start: Uint8Array, name: string): Compression {
  const [a, b, c, d] = start;
  if (a === 0x1f && b === 0x8b) return "gzip";
  if (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd) return "zstd";
  if (a !== undefined && (a & 0xf0) === 0x50 && b === 0x2a && c === 0x4d && d === 0x18) return "zstd";
  if (a === 0xfd && b === 0x37 && c === 0x7a && d === 0x58) throw unsupported(name, "xz");
  if (a === 0x42 && b === 0x5a && c === 0x68) throw unsupported(name, "bzip2");
  return "none";
}

/**
 * The level of a gzip stream, as far as its header tells (RFC 1952, XFL): 9 or 1 where the writer says that it was slowest
 * or fastest.
 */
export function gzipLevel(start: Uint8Array): number | undefined {
  const xfl = start[8];
  if (xfl === 2) return 9;
  return xfl === 4 ? 1 : undefined;
}

function unsupported(name: string, kind: string): UserError {
  return new UserError(
    `${name}: is compressed with ${kind}, which layerlint does not read; recompress it with gzip or zstd`,
  );
}
