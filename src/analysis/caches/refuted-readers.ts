/**
 * Asks the layers whether a script or task, whose text is not known, used a cache: its layer shows what it wrote. That it
 * only read the cache is not seen, so it has to have written nothing but files of the application.
 */
import { asBytePath, showPath, type BytePath } from "../../byte-path.ts";
import type { DockerfileView, Step } from "../../build/build.ts";
import { cachingTools } from "../../knowledge/toolbox.ts";
import type { CacheFolder } from "../../knowledge/tool-caches.ts";
import { tools } from "../../knowledge/tools/index.ts";
import { layerOf } from "../layer-evidence.ts";
import { isSystemTree } from "../ownership/system-trees.ts";
import { copyTargets } from "../steps/creations.ts";
import { isIn } from "../steps/named-folders.ts";
import type { ImageView } from "../subject.ts";

export interface TakenCache {
  readonly cache: CacheFolder;
  /** Where the cache may be: absolute, or `~/x`; the likeliest first. */
  readonly folders: readonly string[];
}

/**
 * Returns what speaks against a step whose code is not known, as a phrase: `layer 4 has /usr/bin/x`. Undefined if its
 * layer changed no package database, not this cache, and only files of the application and other caches.
 */
export function whyNotRefuted(
  step: Step,
  taken: TakenCache,
  image: ImageView,
  view: DockerfileView,
): string | undefined {
  const layer = layerOf({ image }, step.instruction);
  if (layer === undefined) return "no layer shows what it wrote";
  const verdicts = verdictsOf(image, taken);
  if (!verdicts.has(layer)) verdicts.set(layer, verdictOn(layer, taken, image, view));
  return verdicts.get(layer);
}

function verdictOn(
  layer: number,
  { cache, folders }: TakenCache,
  { image }: ImageView,
  view: DockerfileView,
): string | undefined {
  const found = image.layers[layer];
  if (found === undefined || found.missing) return `layer ${layer} is missing`;
  const own = applicationFolders(view);
  for (const { kind, path } of found.entries) {
    if (kind === "dir") continue;
    const at = changedPath(path);
    const database = DATABASES.find(({ paths }) => paths.test(at));
    if (database !== undefined)
      return `layer ${layer} changed the packages of ${database.what} (${showPath(at)})`;
    if (cache.path.test(at) || isIn(`/${at}`, folders))
      return `layer ${layer} changed ${cache.what} (${showPath(at)})`;
    if (!CACHES.test(at) && !own.some((folder) => at.startsWith(folder)))
      return `layer ${layer} has ${showPath(at)}`;
  }
  return undefined;
}

const DATABASES = tools.flatMap(({ database = [] }) => database);

/** One pattern for the places of all caches. */
const CACHES = new RegExp(
  cachingTools.flatMap(({ caches }) => caches.map(({ path }) => `(?:${path.source})`)).join("|"),
);

/** Returns the path that an entry is about: a whiteout is about the name that it hides. */
function changedPath(path: BytePath): BytePath {
  return asBytePath(path.replace(/(^|\/)\.wh\.(?:\.wh\.\.opq$)?/, "$1"));
}

/** Returns the folders of the application: working folders, and what COPY and ADD write to; as beginnings of paths. */
function applicationFolders(view: DockerfileView): readonly string[] {
  let found = applications.get(view);
  if (found === undefined) {
    const paths = view.steps.flatMap((step) => [
      step.scope.workdir,
      ...(step.keyword === "COPY" || step.keyword === "ADD" ? (copyTargets(step) ?? []) : []),
    ]);
    const own = paths.filter((path) => path !== undefined && !isSystemTree(path) && !OF_SYSTEM.test(path));
    applications.set(view, (found = [...new Set(own)].map((path) => `${path?.slice(1)}/`)));
  }
  return found;
}

/** Folders of the system, but not those of a web server. */
const OF_SYSTEM =
  /^\/(?:bin|boot|dev|etc|lib(?:32|64)?|proc|run|sbin|sys|usr\/(?!src\/|local\/src\/|share\/nginx\/)|var\/(?!www(?:\/|$)))/;

const applications = new WeakMap<DockerfileView, readonly string[]>();

const known = new WeakMap<ImageView, Map<string, Map<number, string | undefined>>>();

/** Returns the verdicts on layers that were asked for, by layer. */
function verdictsOf(image: ImageView, { cache, folders }: TakenCache): Map<number, string | undefined> {
  let byCache = known.get(image);
  if (byCache === undefined) known.set(image, (byCache = new Map()));
  const key = [cache.what, ...folders].join("\n");
  let verdicts = byCache.get(key);
  if (verdicts === undefined) byCache.set(key, (verdicts = new Map()));
  return verdicts;
}
