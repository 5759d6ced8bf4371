import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { checksumHolds } from "./tar/fields.ts";

/** How many first bytes `looksLikeImage` wants. */
export const sniffBytes = 512;

/**
 * True for what can only be an archive: a tar header, or a compression's magic bytes
 * (docs/spec/image-formats.md, section 1). xz and bzip2 count, so that opening them says what is wrong.
 */
export function looksLikeImage(start: Uint8Array): boolean {
  const hex = Buffer.from(start.subarray(0, 6)).toString("hex");
  if (/^(1f8b|28b52ffd|5.2a4d18|fd377a585a00|425a68)/.test(hex)) return true;
  return start.length >= 512 && checksumHolds(Buffer.from(start.subarray(0, 512)));
}

/**
 * True for an OCI layout and for a containers/image `dir:` folder, which a `version` file of fixed text marks: many a
 * project has a `manifest.json` and a `version` of its own.
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
