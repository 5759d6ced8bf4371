/** Leftovers that the layers show: live files only, what dies later belongs to other rules. */
import { madeBy, type MadeBy } from "../../analysis/made-by.ts";
import type { ImageView, Inode, Subject } from "../../analysis/subject.ts";
import type { Fix, Prunable } from "../../edits/fix.ts";
import { formatBytes } from "../../format.ts";
import type { LiveFile } from "../../rootfs/rootfs.ts";
import type { Finding, Severity } from "../contract.ts";
import { leftArchives } from "../../analysis/archives/left-archives.ts";
import { leftovers } from "../../knowledge/leftover-files.ts";
import type { CachingTool } from "../../knowledge/tool.ts";
import { cachingTools } from "../../knowledge/toolbox.ts";
import { howMuch, isRewritable, severityOf } from "./dead-files.ts";
import { evidenceOf, layerName } from "./layer-names.ts";
import { groupRows, inWords } from "./path-rows.ts";
import { fillsCache } from "../../analysis/caches/cache-writers.ts";
import { fixesOf } from "../../edits/caches/cache-fixes.ts";

/** Less than this in a layer is not worth a word. */
const SILENT_BELOW = 4096;

/** What a file may be a leftover of. */
interface Kind {
  readonly what: string;
  readonly advice: string;
  readonly atMost: Severity | undefined;
  /** Content bytes below which it is info. */
  readonly floor: number | undefined;
  /** The record that it comes from, and which of its caches it is. */
  readonly cache: { readonly manager: CachingTool; readonly index: number } | undefined;
  readonly prunes: Prunable | undefined;
  readonly matches: (path: string) => boolean;
}

/** Where leftovers are: most files are looked at once, and one pattern of all places is faster than each for itself. */
const isPlace = new RegExp(
  [...cachingTools.flatMap(({ caches }) => caches), ...leftovers]
    .map(({ path }) => `(?:${path.source})`)
    .join("|"),
);

/** Adds to `shown` the kinds that layers of uncertain origin hold. */
export function* provenLeftovers(subject: Subject, view: ImageView, shown: Set<string>): Iterable<Finding> {
  const kinds = kindsFor(view);
  const moved = kinds.movedTo;
  const groups = new Map<string, { kind: Kind; layer: number; files: LiveFile[] }>();
  const inBase: LiveFile[] = [];
  // an archive that was unpacked is another smell, which knows its command
  const archives = new Set(leftArchives(subject).flatMap(({ proof }) => proof?.entry ?? []));
  for (const file of view.rootfs.live) {
    const path = pathOf(file);
    if (archives.has(file.entry)) continue;
    if (file.entry.size === 0 || (!isPlace.test(path) && !moved.some((folder) => path.startsWith(folder))))
      continue;
    const at = kinds.all.findIndex((kind) => kind.matches(path));
    const kind = kinds.all[at];
    // a file that something outside the cache links to is in use
    if (kind === undefined || !file.paths.every((each) => kind.matches(each))) continue;
    if (file.layer < view.origins.base.layers) inBase.push(file);
    else {
      const key = `${file.layer} ${at}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { kind, layer: file.layer, files: [file] });
      else group.files.push(file);
    }
  }
  for (const { kind, layer, files } of groups.values()) {
    const certainty = view.origins.layers[layer]?.certainty;
    if (certainty !== "exact" && certainty !== "aligned") shown.add(kind.what);
    const bytes = sum(files);
    if (bytes >= SILENT_BELOW) yield finding(subject, view, kind, layer, files, bytes);
  }
  const bytes = sum(inBase);
  if (bytes >= SILENT_BELOW) yield baseFinding(inBase, bytes);
}

function finding(
  subject: Subject,
  view: ImageView,
  kind: Kind,
  layer: number,
  files: readonly LiveFile[],
  bytes: number,
): Finding {
  const rows = rowsOf(files);
  return {
    message: `${layerName(view, layer)} leaves ${kind.what} in the image: ${howMuch(bytes, files.length)}${inWords(rows)}`,
    advice: adviceFor(kind, madeBy(view, layer)),
    bytes,
    inodes: inodesOf(files),
    evidence: evidenceOf(view, [layer]),
    ...(kind.atMost === undefined ? severityOf(bytes, kind.floor) : { severity: kind.atMost }),
    locations: [{ layer, path: rows.paths[0]?.path }],
    ...rows,
    fixes: [
      ...editsFor(subject, view, kind, layer, files),
      ...(kind.prunes === undefined || !isRewritable(view, layer) ? [] : [prune(kind.prunes, bytes)]),
    ],
  };
}

function prune(prunes: Prunable, bytes: number): Fix {
  return {
    description: `rewrite the image without these files: ${formatBytes(bytes)} less`,
    safety: "unsafe",
    condition: "containers no longer see these files",
    operation: "prune",
    prunes,
  };
}

/** The edits of the RUN that made the layer, where it is known which one did. */
function editsFor(
  { dockerfile, linked }: Subject,
  view: ImageView,
  { cache }: Kind,
  layer: number,
  files: readonly LiveFile[],
): Fix[] {
  const origin = view.origins.layers[layer];
  if (dockerfile === undefined || !linked || cache === undefined || origin === undefined) return [];
  if (origin.certainty !== "exact" && origin.certainty !== "aligned") return [];
  if (origin.lastInstruction !== undefined && origin.lastInstruction !== origin.instruction) return [];
  const step = dockerfile.steps.find(({ instruction }) => instruction === origin.instruction);
  if (step?.script === undefined) return [];
  const { manager, index } = cache;
  const commands = step.script.commands.filter((command) => fillsCache(command, manager, step, index));
  const bytesOf = (takes: RegExp | undefined) =>
    sum(files.filter((file) => takes === undefined || takes.test(pathOf(file))));
  return [...fixesOf({ view: dockerfile, step, manager, index, commands, bytesOf })];
}

/** A cache that was copied is not cleaned in a RUN: it is left out of the COPY. */
function adviceFor({ advice }: Kind, by: MadeBy): string {
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
    locations: [{ layer: files[0]?.layer, path: rows.paths[0]?.path, label: "base image" }],
    ...rows,
  };
}

/** The records as tests of paths, with the folders that this image's variables move caches to. */
function kindsFor({ image }: ImageView): { all: readonly Kind[]; movedTo: readonly string[] } {
  const env = new Map(
    image.config.env.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
  );
  const movedTo: string[] = [];
  const caches = cachingTools.flatMap((manager) =>
    manager.caches.map(({ what, path, variables = [], maybeWanted = false }, index): Kind => {
      const own = variables.flatMap(({ name, below }) => {
        const value = env.get(name);
        // `/app` as a cache would make the whole application one, unless what stands below it is a name of its own
        return value !== undefined &&
          (/^\/(?:[^/]+\/+[^/]|.*cache|tmp\/?$)/i.test(value) ||
            (/^\/[^/]/.test(value) && /^_|.\/./.test(below)))
          ? [`${value.slice(1).replace(/\/*$/, "/")}${below}`]
          : [];
      });
      movedTo.push(...own);
      return {
        what,
        advice: manager.advice,
        cache: { manager, index },
        atMost: maybeWanted ? "info" : undefined,
        // a later build or the program itself may want it
        prunes: maybeWanted ? undefined : "caches",
        floor: undefined,
        matches: (each) => path.test(each) || own.some((folder) => each.startsWith(folder)),
      };
    }),
  );
  const others = leftovers.map(({ what, path, except, advice, atMost, floor, prunes }): Kind => ({
    what,
    advice,
    atMost,
    floor,
    prunes,
    cache: undefined,
    matches: (each) => path.test(each) && except?.test(each) !== true,
  }));
  return { all: [...caches, ...others], movedTo };
}

/** The name it has now: the first one may be gone. */
function pathOf({ paths, entry }: LiveFile): string {
  return paths[0] ?? entry.path;
}

function rowsOf(files: readonly LiveFile[]) {
  return groupRows(files.map((file) => ({ path: pathOf(file), bytes: file.entry.size })));
}

function inodesOf(files: readonly LiveFile[]): Inode[] {
  return files.map(({ layer, entry }) => ({ layer, entry }));
}

function sum(files: readonly LiveFile[]): number {
  return files.reduce((total, { entry }) => total + entry.size, 0);
}
