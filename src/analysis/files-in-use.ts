/** Tells which files an image's configuration names or runs, and which files its symlinks point to. */
import { asBytePath, parentOf, toBytes } from "../byte-path.ts";
import type { BytePath, ImageConfig } from "../image/image.ts";
import { resolve } from "../paths.ts";
import type { LiveNode } from "../rootfs/rootfs.ts";
import type { ImageView } from "./subject.ts";

export interface FilesInUse {
  /** Returns true for a path at or below one that the configuration names, and for the target of a symlink. */
  readonly has: (path: BytePath) => boolean;
  /**
   * Returns true if the path is no leftover because of that: what is named lies in the place of leftovers (`/tmp/app` in
   * `/tmp`), not above it (`/root` above `/root/.cache`). `isPlace` tells whether a path would be a leftover.
   */
  readonly isWanted: (path: BytePath, isPlace: (path: string) => boolean) => boolean;
}

/** Variables whose folders hold what programs load. */
const SEARCHED = /^(?:PATH|LD_LIBRARY_PATH|PYTHONPATH|NODE_PATH|GEM_PATH|PERL5LIB|CLASSPATH|VIRTUAL_ENV)=/;

const known = new WeakMap<ImageView, FilesInUse>();

/** Returns the files in use: WorkingDir, Cmd, Entrypoint, Healthcheck, Volumes, search paths, and targets of symlinks. */
export function filesInUse(view: ImageView): FilesInUse {
  let found = known.get(view);
  if (found === undefined) known.set(view, (found = makeFilesInUse(view)));
  return found;
}

function makeFilesInUse(view: ImageView): FilesInUse {
  const { named, programs } = namedBy(view.image.config);
  let linked: Set<BytePath> | undefined;
  const isLinked = (path: BytePath) => (linked ??= linkedBy(view)).has(path);
  const namedAbove = (path: BytePath) => ancestors(path).filter((each) => named.has(each));
  return {
    has: (path) =>
      isLinked(path) || namedAbove(path).length > 0 || ancestors(path).some((each) => programs.has(each)),
    isWanted(path, isPlace) {
      if (isLinked(path) || named.has(path)) return true;
      const name = path.slice(path.lastIndexOf("/") + 1);
      if (namedAbove(path).some((each) => isPlace(`${each}/${name}`))) return true;
      // a program may need what lies beside it, but not all of /tmp
      return ancestors(path).some((each) => programs.has(each) && isPlace(each));
    },
  };
}

/** A path and the folders above it, without the root. */
function ancestors(path: BytePath): BytePath[] {
  const found: BytePath[] = [];
  for (let at = path; at !== ""; at = parentOf(at)) found.push(at);
  return found;
}

/** The paths that a configuration names, and the folders of the programs that it runs, except those directly below the root. */
function namedBy(config: ImageConfig): { named: Set<BytePath>; programs: Set<BytePath> } {
  const named = new Set<BytePath>();
  const programs = new Set<BytePath>();
  const workdir = config.workingDir === "" ? "/" : config.workingDir;
  const add = (to: Set<BytePath>, path: string | undefined) => {
    if (path !== undefined && path !== "/") to.add(toBytes(path.slice(1)));
  };
  const at = (path: string) => resolve(workdir, path);
  for (const path of [workdir, ...config.volumes]) add(named, at(path));
  for (const pair of config.env)
    if (SEARCHED.test(pair))
      for (const path of pair.slice(pair.indexOf("=") + 1).split(":")) if (path !== "") add(named, at(path));
  for (const words of [config.cmd, config.entrypoint, healthcheckOf(config)]) {
    for (const word of words ?? [])
      for (const path of pathsIn(word)) {
        const absolute = at(path);
        add(named, absolute);
        if (absolute !== undefined && /^\/[^/]+\/.+\//.test(absolute))
          programs.add(parentOf(toBytes(absolute.slice(1))));
      }
  }
  return { named, programs };
}

/** Paths in a word of a command, which may be a whole script: `cd /srv && ./run --log=/var/log/x`. */
function pathsIn(word: string): string[] {
  return word
    .split(/[\s'"=:;,()&|<>`]+/)
    .filter((part) => part.startsWith("/") || /^\.{1,2}\/|^[\w.-]+\/[\w./-]+$/.test(part));
}

function healthcheckOf({ raw }: ImageConfig): string[] {
  const inner = recordOf(raw["config"]);
  const test = recordOf(inner?.["Healthcheck"])?.["Test"];
  return Array.isArray(test) ? test.filter((word) => typeof word === "string") : [];
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
}

/** The files that visible symlinks point to, unless link and file lie in one hidden folder: a cache of its own. */
function linkedBy({ image, rootfs }: ImageView): Set<BytePath> {
  const linked = new Set<BytePath>();
  for (const { entries } of image.layers)
    for (const entry of entries) {
      if (entry.kind !== "symlink" || rootfs.at(entry.path)?.entry !== entry) continue;
      const target = follow(entry.path, (path) => rootfs.at(path));
      if (target !== undefined && !isOfOneCache(entry.path, target)) linked.add(target);
    }
  return linked;
}

function isOfOneCache(link: BytePath, target: BytePath): boolean {
  const [a, b] = [link.split("/"), target.split("/")];
  const end = a.findIndex((part, i) => part !== b[i]);
  return a.slice(0, Math.max(0, end)).some((part) => part.startsWith("."));
}

/** Hops after which a chain of symlinks is a loop (path_resolution(7)). */
const HOPS = 40;

/** Follows a symlink to what it names in the end; undefined for a loop, and where nothing is there. */
function follow(link: BytePath, at: (path: BytePath) => LiveNode | undefined): BytePath | undefined {
  let left: string[] = link.split("/");
  let path: string[] = [];
  for (let hops = 0; left.length > 0;) {
    const [part = "", ...rest] = left;
    left = rest;
    if (part === "" || part === ".") continue;
    if (part === "..") {
      path = path.slice(0, -1);
      continue;
    }
    const here = asBytePath([...path, part].join("/"));
    const node = at(here);
    if (node === undefined) return undefined;
    if (node.kind !== "symlink" || node.entry === undefined) {
      path = [...path, part];
      continue;
    }
    if (++hops > HOPS) return undefined;
    const target: string = node.entry.link;
    if (target.startsWith("/")) path = [];
    left = [...target.split("/"), ...left];
  }
  return path.length === 0 ? undefined : asBytePath(path.join("/"));
}
