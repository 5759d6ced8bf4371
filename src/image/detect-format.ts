/** Detects the format of an input, and the compression of a blob, from their first bytes. */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../errors.ts";
import type { Compression } from "./entry.ts";
import { checksumHolds } from "./tar/fields.ts";

/** Number of leading bytes that `looksLikeImage` needs. */
export const headBytes = 512;

/**
 * Returns true for a tar header or the magic bytes of a compression (docs/spec/image-formats.md, section 1). xz and
 * bzip2 count, so that opening them reports that they are not supported.
 */
export function looksLikeImage(start: Uint8Array): boolean {
  const hex = Buffer.from(start.subarray(0, 6)).toString("hex");
  if (/^(1f8b|28b52ffd|5.2a4d18|fd377a585a00|425a68)/.test(hex)) return true;
  return start.length >= 512 && checksumHolds(Buffer.from(start.subarray(0, 512)));
}

/**
 * Returns true for an OCI layout and for a containers/image `dir:` folder. The fixed text in its `version` file
 * identifies a `dir:` folder, because other projects also have files named `manifest.json` and `version`.
 */
export async function isImageFolder(folder: string): Promise<boolean> {
  const has = (name: string) =>
    stat(join(folder, name)).then(
      (info) => info.isFile(),
      () => false,
    );
  if (await has("oci-layout")) return true;
  if (!(await has("manifest.json")) || !(await has("version"))) return false;
  const version = await readFile(join(folder, "version"), "utf8").catch(() => "");
  return version.startsWith("Directory Transport Version:");
}

/**
 * Detects compression from the first bytes of a blob; extension and media type are ignored
 * (docs/spec/image-formats.md, section 2).
 */
export function detectCompression(start: Uint8Array, name: string): Compression {
  const [a, b, c, d] = start;
  if (a === 0x1f && b === 0x8b) return "gzip";
  if (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd) return "zstd";
  if (a !== undefined && (a & 0xf0) === 0x50 && b === 0x2a && c === 0x4d && d === 0x18) return "zstd";
  if (a === 0xfd && b === 0x37 && c === 0x7a && d === 0x58) throw unsupported(name, "xz");
  if (a === 0x42 && b === 0x5a && c === 0x68) throw unsupported(name, "bzip2");
  return "none";
}

/**
 * Returns the compression level that a gzip header states (RFC 1952, XFL): 9 for slowest, 1 for fastest, else
 * undefined.
 */
export function gzipLevel(start: Uint8Array): number | undefined {
  const xfl = start[8];
  if (xfl === 2) return 9;
  return xfl === 4 ? 1 : undefined;
}

function unsupported(name: string, kind: string): UserError {
  return new UserError(
    `${name}: is compressed with ${kind}, which layerlint does not support; recompress it with gzip or zstd`,
  );
}
