/** Finds leftovers in layers: live files only; dead files belong to other rules. */
import { fillsCache } from "../../analysis/caches/cache-writers.ts";
import {
  contentBytes,
  currentPath,
  leftoversInLayers,
  negligibleBelow,
  type LeftoverGroup,
  type LeftoverKind,
  type PrunableKind,
} from "../../analysis/caches/leftovers-in-layers.ts";
import { madeBy, type MadeBy } from "../../analysis/made-by.ts";
import { isRewritable } from "../../analysis/rewritable-layers.ts";
import type { BuildSubject, ImageView, Inode } from "../../analysis/subject.ts";
import { fixesOf } from "../../edits/caches/cache-fixes.ts";
import type { UncleanedCache } from "../../edits/caches/uncleaned-cache.ts";
import type { Fix } from "../../edits/fix.ts";
import { formatBytes } from "../../format.ts";
import type { LiveFile } from "../../rootfs/rootfs.ts";
import type { Finding } from "../contract.ts";
import { cacheAdvice } from "./cache-advice.ts";
import { howMuch, severityOf } from "./dead-file-words.ts";
import { evidenceOf, layerName } from "./layer-names.ts";
import { groupRows, inWords } from "./path-rows.ts";

/** Yields leftovers in layers. Adds the kinds found in layers of uncertain origin to `shown`. */
export function* provenLeftovers(
  view: ImageView,
  build: BuildSubject | undefined,
  shown: Set<string>,
): Iterable<Finding> {
  const { groups, inBase } = leftoversInLayers(view, build);
  for (const group of groups) {
    const certainty = view.origins.layers[group.layer]?.certainty;
    if (certainty !== "exact" && certainty !== "aligned") shown.add(group.kind.what);
    if (group.bytes >= negligibleBelow) yield finding(view, build, group);
  }
  const bytes = contentBytes(inBase);
  if (bytes >= negligibleBelow) yield baseFinding(inBase, bytes);
}

function finding(view: ImageView, build: BuildSubject | undefined, group: LeftoverGroup): Finding {
  const { kind, layer, files, bytes } = group;
  const rows = rowsOf(files);
  const filled = filledBy(view, build, group);
  const command = filled?.commands.at(-1);
  return {
    message: `${layerName(view, layer)} leaves ${kind.what} in the image: ${howMuch(bytes, files.length)}${inWords(rows)}`,
    advice:
      filled === undefined || command === undefined
        ? adviceFor(kind, madeBy(view, layer))
        : cacheAdvice(filled.manager, command, filled.step),
    bytes,
    inodes: inodesOf(files),
    evidence: evidenceOf(view, [layer]),
    ...(kind.atMost === undefined ? severityOf(bytes, kind.floor) : { severity: kind.atMost }),
    locations: [{ layer, path: rows.paths[0]?.path }],
    ...rows,
    fixes: [
      ...(filled === undefined ? [] : editsFor(filled, view, files)),
      ...(kind.prunes === undefined || group.prunable.length === 0 || !isRewritable(view, layer)
        ? []
        : [prune(kind.prunes, contentBytes(group.prunable))]),
    ],
  };
}

function prune(prunes: PrunableKind, bytes: number): Fix {
  return {
    description: `rewrite the image without these files: ${formatBytes(bytes)} less`,
    safety: "unsafe",
    condition: "containers no longer see these files",
    operation: "prune",
    prunes,
  };
}

/** Returns the RUN that made the layer, with the commands that fill the cache; undefined when it is unknown. */
function filledBy(
  view: ImageView,
  build: BuildSubject | undefined,
  { kind: { cache }, layer }: LeftoverGroup,
): Omit<UncleanedCache, "image"> | undefined {
  const origin = view.origins.layers[layer];
  if (build === undefined || cache === undefined || origin === undefined) return undefined;
  if (origin.certainty !== "exact" && origin.certainty !== "aligned") return undefined;
  if (origin.lastInstruction !== undefined && origin.lastInstruction !== origin.instruction) return undefined;
  const step = build.dockerfile.steps.find(({ instruction }) => instruction === origin.instruction);
  if (step?.script === undefined) return undefined;
  const { manager, index } = cache;
  const commands = step.script.commands.filter((command) => fillsCache(command, manager, step, index));
  return { view: build.dockerfile, step, manager, index, commands };
}

function editsFor(
  filled: Omit<UncleanedCache, "image">,
  image: ImageView,
  files: readonly LiveFile[],
): readonly Fix[] {
  const bytesOf = (takes: RegExp | undefined) =>
    contentBytes(files.filter((file) => takes === undefined || takes.test(currentPath(file))));
  return [...fixesOf({ ...filled, image, bytesOf })];
}

/** Returns the advice. A copied cache is to be excluded from the COPY, not cleaned in a RUN. */
function adviceFor({ advice }: LeftoverKind, by: MadeBy): string {
  if ((by !== "COPY" && by !== "ADD") || advice.includes(".dockerignore")) return advice;
  return `Omit it from the ${by}: name what the image needs, exclude the rest with .dockerignore, or delete it in the stage it comes from.`;
}

function baseFinding(files: readonly LiveFile[], bytes: number): Finding {
  const rows = rowsOf(files);
  return {
    message: `the base image contains ${howMuch(bytes, files.length)} of caches and other leftovers${inWords(rows)}`,
    advice: "No edit of this Dockerfile changes that; a newer or slimmer base image would.",
    bytes,
    inodes: inodesOf(files),
    evidence: "layers",
    severity: "info",
    locations: files
      .slice(0, 1)
      .map(({ layer }) => ({ layer, path: rows.paths[0]?.path, label: "base image" })),
    ...rows,
  };
}

function rowsOf(files: readonly LiveFile[]) {
  return groupRows(files.map((file) => ({ path: currentPath(file), bytes: file.entry.size })));
}

function inodesOf(files: readonly LiveFile[]): Inode[] {
  return files.map(({ layer, entry }) => ({ layer, entry }));
}
