/** Phrases and fixes that findings about dead files share. */
import { WARNING_FLOOR } from "../../analysis/dead-files.ts";
import { isRewritable } from "../../analysis/rewritable-layers.ts";
import type { ImageView } from "../../analysis/subject.ts";
import type { Fix } from "../../edits/fix.ts";
import { count, formatBytes } from "../../format.ts";
import type { DeadFile } from "../../rootfs/rootfs.ts";
import type { Severity } from "../contract.ts";

/** Formats a size: `83.4 MB in 1,204 files`. */
export function howMuch(bytes: number, files: number): string {
  return `${formatBytes(bytes)} in ${count(files, "file")}`;
}

/** Returns `it` for one file, `them` for more. */
export function them(files: number): "it" | "them" {
  return files === 1 ? "it" : "them";
}

/**
 * Returns `info` for waste below the floor, else nothing, so that the rule's severity applies. Spread the result into
 * a finding.
 */
export function severityOf(bytes: number, floor = WARNING_FLOOR): { readonly severity?: Severity } {
  return bytes < floor ? { severity: "info" } : {};
}

/**
 * Returns the fix that rewrites the image without the dead files of rewritable layers (docs/spec/layers.md, rule 7);
 * no container sees a difference.
 */
export function dropDead(
  view: ImageView,
  deadFiles: readonly DeadFile[],
): { readonly fixes?: readonly Fix[] } {
  const bytes = deadFiles.reduce(
    (sum, deadFile) => (isRewritable(view, deadFile.addedIn) ? sum + deadFile.bytes : sum),
    0,
  );
  if (bytes === 0) return {};
  const description = `rewrite the image without these files: ${formatBytes(bytes)} less, the same file system`;
  return { fixes: [{ description, safety: "safe", operation: "drop-dead" }] };
}
