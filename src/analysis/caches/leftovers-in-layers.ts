/**
 * Finds caches, logs and other leftovers among the live files of layers. The rule reports them, `optimize` prunes
 * them.
 */
import type { BytePath } from "../../byte-path.ts";
import type { Entry } from "../../image/image.ts";
import { leftovers } from "../../knowledge/leftover-files.ts";
import type { CachingTool } from "../../knowledge/tool.ts";
import { cachingTools } from "../../knowledge/toolbox.ts";
import { tools } from "../../knowledge/tools/index.ts";
import type { LiveFile } from "../../rootfs/rootfs.ts";
import { leftArchives } from "../archives/left-archives.ts";
import { filesInUse } from "../files-in-use.ts";
import { isRewritable } from "../rewritable-layers.ts";
import type { BuildSubject, ImageView } from "../subject.ts";

/** Content bytes of one kind in one layer below which nothing is reported. */
export const negligibleBelow = 4096;

/** Kinds of files that `optimize --prune` removes although containers see them. */
export type PrunableKind = "caches" | "logs";

/** A kind of leftover. */
export interface LeftoverKind {
  readonly what: string;
  readonly advice: string;
  readonly atMost: "info" | undefined;
  /** Content bytes below which a finding is info. */
  readonly floor: number | undefined;
  /** The tool record of the cache, and the index of the cache in it. */
  readonly cache: { readonly manager: CachingTool; readonly index: number } | undefined;
  /** The `--prune` kind; undefined when the files may be wanted. */
  readonly prunes: PrunableKind | undefined;
  readonly matches: (path: string) => boolean;
}

/** The leftovers of one kind in one layer above the base. */
export interface LeftoverGroup {
  readonly kind: LeftoverKind;
  readonly layer: number;
  readonly files: readonly LiveFile[];
  /** Content bytes of the files. */
  readonly bytes: number;
  /** The files that may be pruned: neither the configuration nor a symlink names them. */
  readonly prunable: readonly LiveFile[];
}

export interface Leftovers {
  readonly groups: readonly LeftoverGroup[];
  /** Leftovers of all kinds in the base image. */
  readonly inBase: readonly LiveFile[];
}

const buildOutputs = tools.flatMap(({ outputs = [] }) => outputs);

/** One pattern for all places of leftovers: faster than one pattern each, because most files match none. */
const isPlace = new RegExp(
  [...cachingTools.flatMap(({ caches }) => caches), ...buildOutputs, ...leftovers]
    .map(({ path }) => `(?:${path.source})`)
    .join("|"),
);

/** Returns the leftovers of an image by layer and kind, in the order of their first files. */
export function leftoversInLayers(view: ImageView, build: BuildSubject | undefined): Leftovers {
  const { all: kinds, movedTo } = kindsFor(view);
  const groups = new Map<string, { kind: LeftoverKind; layer: number; files: LiveFile[] }>();
  const inBase: LiveFile[] = [];
  const inUse = filesInUse(view);
  // unpacked archives belong to another rule, which names the command
  const archives = new Set(
    (build === undefined ? [] : leftArchives(build)).flatMap(({ proof }) => proof?.entry ?? []),
  );
  for (const file of view.rootfs.live) {
    const path = currentPath(file);
    if (archives.has(file.entry)) continue;
    if (file.entry.size === 0 || (!isPlace.test(path) && !movedTo.some((folder) => path.startsWith(folder))))
      continue;
    const at = kinds.findIndex((kind) => kind.matches(path));
    const kind = kinds[at];
    // a file with a hardlink outside the cache is in use
    if (kind === undefined || !file.paths.every((each) => kind.matches(each))) continue;
    if (file.paths.some((each) => inUse.isWanted(each, kind.prunes === undefined ? never : kind.matches)))
      continue;
    if (file.layer < view.origins.base.layers) inBase.push(file);
    else {
      const key = `${file.layer} ${at}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { kind, layer: file.layer, files: [file] });
      else group.files.push(file);
    }
  }
  return {
    groups: [...groups.values()].map((group) => ({
      ...group,
      bytes: contentBytes(group.files),
      prunable: group.files.filter(({ paths }) => !paths.some(inUse.has)),
    })),
    inBase,
  };
}

/** Of a file that is a leftover wherever it lies, such as version control data. */
function never(): boolean {
  return false;
}

/** Returns the prunable files of rewritable layers, by layer. */
export function prunableFiles(
  view: ImageView,
  build: BuildSubject | undefined,
  kinds: ReadonlySet<PrunableKind>,
): Map<number, Set<Entry>> {
  const all = new Map<number, Set<Entry>>();
  for (const { kind, layer, prunable: files, bytes } of leftoversInLayers(view, build).groups) {
    if (kind.prunes === undefined || !kinds.has(kind.prunes)) continue;
    if (bytes < negligibleBelow || !isRewritable(view, layer)) continue;
    const entries = all.get(layer) ?? new Set();
    for (const { entry } of files) entries.add(entry);
    all.set(layer, entries);
  }
  return all;
}

/** Compiles the records into path tests, with the folders that this image's variables move caches to. */
function kindsFor({ image }: ImageView): { all: readonly LeftoverKind[]; movedTo: readonly string[] } {
  const env = new Map(
    image.config.env.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
  );
  const movedTo: string[] = [];
  const caches = cachingTools.flatMap((manager) =>
    manager.caches.map(({ what, path, variables = [], maybeWanted = false }, index): LeftoverKind => {
      const own = variables.flatMap(({ name, below, isList }) => {
        const value = isList === true ? env.get(name)?.replace(/:.*/s, "") : env.get(name);
        // `/app` as a cache folder would match the whole application, unless the cache has a subfolder of its own
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
        // a later build or the program itself may need it
        prunes: maybeWanted ? undefined : "caches",
        floor: undefined,
        matches: (each) => path.test(each) || own.some((folder) => each.startsWith(folder)),
      };
    }),
  );
  const others = leftovers.map(({ what, path, except, advice, atMost, floor, prunes }): LeftoverKind => ({
    what,
    advice,
    atMost,
    floor,
    prunes,
    cache: undefined,
    matches: (each) => path.test(each) && except?.test(each) !== true,
  }));
  const outputs = buildOutputs.map(({ what, path }): LeftoverKind => ({
    what,
    advice:
      "Build in an earlier stage and COPY --from only the result, or delete it at the end of the RUN that builds.",
    // an image for development may build again
    atMost: "info",
    floor: undefined,
    prunes: undefined,
    cache: undefined,
    matches: (each) => path.test(each),
  }));
  return { all: [...caches, ...outputs, ...others], movedTo };
}

/** Returns a live name of the file; its first name may be deleted. */
export function currentPath({ paths, entry }: LiveFile): BytePath {
  return paths[0] ?? entry.path;
}

export function contentBytes(files: readonly LiveFile[]): number {
  return files.reduce((total, { entry }) => total + entry.size, 0);
}
