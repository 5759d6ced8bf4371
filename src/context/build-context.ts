/** Answers questions about a build context. Pure: the disk is passed in as an interface. */
import { clean } from "./clean.ts";
import {
  maxEntries,
  type BuildContext,
  type ContextFile,
  type ContextFiles,
  type ContextSources,
  type TakenFiles,
} from "./context.ts";
import { Tree, type Disk, type Node } from "./folder-tree.ts";
import { compileGlob, hasWildcards } from "./glob.ts";
import { IgnoreList, readIgnoreFile, type Matched } from "./ignore-list.ts";

export interface ContextInput {
  readonly name: string;
  readonly disk: Disk;
  /** Returns name and text of the ignore file; called once, on first use. */
  readonly ignoreFile: () => { readonly name: string; readonly text: string } | undefined;
  readonly limit?: number;
}

export function makeContext(input: ContextInput): BuildContext {
  const ignoreFile = once(input.ignoreFile);
  const list = once(() => new IgnoreList(readIgnoreFile(ignoreFile()?.text ?? "")));
  const tree = once(() => new Tree(input.disk, list(), input.limit ?? maxEntries));
  const files = once((): ContextFiles => {
    const found = new Map<string, ContextFile>();
    collect(tree(), tree().root, found);
    return { files: [...found.values()], complete: tree().complete };
  });
  return {
    name: input.name,
    get ignoreFile() {
      return ignoreFile()?.name;
    },
    get badPatterns() {
      return list().bad;
    },
    lacks: (path) => !takeAll(tree(), path, () => {}) && tree().complete,
    ignores: (path) => list().ignores(path),
    files,
    taken: (sources) => taken(tree(), sources),
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function taken(tree: Tree, { paths, exclude, parents }: ContextSources): TakenFiles {
  const found = new Map<string, ContextFile>();
  const exclusion = new IgnoreList(exclude);
  const missing: string[] = [];
  for (const path of paths) {
    const isThere = parents
      ? takeWithParents(tree, path, exclusion, found)
      : takeAll(tree, path, (node) => collect(tree, node, found, { exclusion }));
    if (!isThere) missing.push(path);
  }
  return { files: [...found.values()], complete: tree.complete, missing };
}

/** Calls `take` with each file or folder that `path` matches, following symlinks; returns false when there is none. */
function takeAll(tree: Tree, path: string, take: (node: Node) => void): boolean {
  const parts = clean(`/${path}`).slice(1).split("/");
  const first = parts.findIndex(hasWildcards);
  const start = tree.find(parts.slice(0, first < 0 ? parts.length : first).join("/"));
  if (start === undefined) return false;
  if (first < 0) {
    take(start);
    return true;
  }
  let nodes: readonly Node[] = [start];
  for (const part of parts.slice(first)) {
    const matches = compileGlob(part, false);
    if (matches === undefined) return false;
    nodes = nodes
      .flatMap((node) => tree.children(node))
      .filter((node) => matches(node.name) && tree.exists(node));
  }
  // a dangling symlink fails the build, as a pattern without a match does
  const followed = nodes.map((node) => (node.kind === "link" ? tree.find(node.path) : node));
  for (const node of followed) if (node !== undefined) take(node);
  return nodes.length > 0 && !followed.includes(undefined);
}

/**
 * Takes files for `COPY --parents`, which reads the whole path as one pattern that may hold `**`. `/./` marks where
 * the kept folders begin, and the pattern begins there too.
 */
function takeWithParents(
  tree: Tree,
  path: string,
  exclusion: IgnoreList,
  found: Map<string, ContextFile>,
): boolean {
  const pivot = path.indexOf("/./");
  const folder = pivot < 0 ? "/" : path.slice(0, pivot);
  const pattern = clean(`/${pivot < 0 ? path : path.slice(pivot + 3)}`).slice(1);
  const isThere = tree.find(`${folder}/${pattern}`) !== undefined;
  if (!hasWildcards(path) && !isThere) return false;
  const inclusion = new IgnoreList([pattern]);
  const before = found.size;
  takeAll(tree, folder, (node) => collect(tree, node, found, { exclusion, inclusion }));
  return isThere || found.size > before;
}

interface Filter {
  readonly exclusion: IgnoreList;
  readonly inclusion?: IgnoreList;
}

/** Collects the files at and below `node`; patterns match the path below it. */
function collect(tree: Tree, node: Node, found: Map<string, ContextFile>, filter?: Filter): void {
  const start = node.path === "" ? 0 : node.path.length + 1;
  const add = (file: Node) => {
    if (!file.ignored && !found.has(file.path)) found.set(file.path, { path: file.path, ...tree.stat(file) });
  };
  const visit = (folder: Node, outside: Matched, inside: Matched): void => {
    for (const child of tree.children(folder)) {
      const path = child.path.slice(start);
      const excluded = filter?.exclusion.below(outside, path);
      const included = filter?.inclusion?.below(inside, path);
      if (child.kind !== "folder") {
        if (excluded?.ignored !== true && included?.ignored !== false) add(child);
      } else if (excluded?.ignored !== true || filter?.exclusion.mayReturn(path) === true) {
        visit(child, excluded?.matched ?? [], included?.matched ?? []);
      }
    }
  };
  if (node.kind === "folder") visit(node, [], []);
  else add(node);
}
