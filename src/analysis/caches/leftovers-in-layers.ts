/** What the layers show of caches, logs and other leftovers: live files only. The rule reports them, `optimize` prunes them. */
import type { BytePath } from "../../byte-path.ts";
import { leftArchives } from "../archives/left-archives.ts";
import { leftovers } from "../../knowledge/leftover-files.ts";
import type { CachingTool } from "../../knowledge/tool.ts";
import { cachingTools } from "../../knowledge/toolbox.ts";
import type { Entry } from "../../image/image.ts";
import type { LiveFile } from "../../rootfs/rootfs.ts";
import { isRewritable } from "../rewritable-layers.ts";
import type { BuildSubject, ImageView } from "../subject.ts";

/** Fewer content bytes of one kind in one layer are not worth a word. */
export const negligibleBelow = 4096;

/** What `optimize --prune` removes although containers see it. */
export type PrunableKind = "caches" | "logs";

/** What a file may be a leftover of. */
export interface LeftoverKind {
  readonly what: string;
  readonly advice: string;
  readonly atMost: "info" | undefined;
  /** Content bytes below which it is info. */
  readonly floor: number | undefined;
  /** The record that it comes from, and which of its caches it is. */
  readonly cache: { readonly manager: CachingTool; readonly index: number } | undefined;
  /** Undefined where somebody may want the files. */
  readonly prunes: PrunableKind | undefined;
  readonly matches: (path: string) => boolean;
}

/** The leftovers of one kind in one layer above the base. */
export interface LeftoverGroup {
  readonly kind: LeftoverKind;
  readonly layer: number;
  readonly files: readonly LiveFile[];
  /** Content of the files. */
  readonly bytes: number;
}

export interface Leftovers {
  readonly groups: readonly LeftoverGroup[];
  /** What the base image brings, of all kinds. */
  readonly inBase: readonly LiveFile[];
}

/** Where leftovers are: most files are looked at once, and one pattern of all places is faster than each for itself. */
const isPlace = new RegExp(
  [...cachingTools.flatMap(({ caches }) => caches), ...leftovers]
    .map(({ path }) => `(?:${path.source})`)
    .join("|"),
);

/** The leftovers of an image by layer and kind, in the order of their first files. */
export function leftoversInLayers(view: ImageView, build: BuildSubject | undefined): Leftovers {
  const { all: kinds, movedTo } = kindsFor(view);
  const groups = new Map<string, { kind: LeftoverKind; layer: number; files: LiveFile[] }>();
  const inBase: LiveFile[] = [];
  // an archive that was unpacked is another smell, which knows its command
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
  return {
    groups: [...groups.values()].map((group) => ({ ...group, bytes: contentBytes(group.files) })),
    inBase,
  };
}

/** The files that may be pruned from layers that may be rewritten, by layer. */
export function prunableFiles(
  view: ImageView,
  build: BuildSubject | undefined,
  kinds: ReadonlySet<PrunableKind>,
): Map<number, Set<Entry>> {
  const prunable = new Map<number, Set<Entry>>();
  for (const { kind, layer, files, bytes } of leftoversInLayers(view, build).groups) {
    if (kind.prunes === undefined || !kinds.has(kind.prunes)) continue;
    if (bytes < negligibleBelow || !isRewritable(view, layer)) continue;
    const entries = prunable.get(layer) ?? new Set();
    for (const { entry } of files) entries.add(entry);
    prunable.set(layer, entries);
  }
  return prunable;
}

/** The records as tests of paths, with the folders that this image's variables move caches to. */
function kindsFor({ image }: ImageView): { all: readonly LeftoverKind[]; movedTo: readonly string[] } {
  const env = new Map(
    image.config.env.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
  );
  const movedTo: string[] = [];
  const caches = cachingTools.flatMap((manager) =>
    manager.caches.map(({ what, path, variables = [], maybeWanted = false }, index): LeftoverKind => {
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
  const others = leftovers.map(({ what, path, except, advice, atMost, floor, prunes }): LeftoverKind => ({
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
export function currentPath({ paths, entry }: LiveFile): BytePath {
  return paths[0] ?? entry.path;
}

export function contentBytes(files: readonly LiveFile[]): number {
  return files.reduce((total, { entry }) => total + entry.size, 0);
}
