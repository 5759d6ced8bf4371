/** The list of paths below a finding: grouped by folder, largest first. */
import { asBytePath, folderUpTo, rootPath, showPath, toText } from "../../byte-path.ts";
import { formatNumber } from "../../format.ts";
import type { BytePath } from "../../image/image.ts";
import type { PathBytes } from "../contract.ts";

/** Most paths that a finding lists. */
const MOST_ROWS = 10;
/** Most characters of a path that a sentence shows; longer paths mostly hold hashes. */
const LONGEST_IN_WORDS = 100;

/** A file that a finding is about. */
export interface RowItem {
  readonly path: BytePath;
  readonly bytes: number;
  /** The directory that was hidden as a whole with this file; rows do not go below it. */
  readonly through?: BytePath;
}

export interface Rows {
  /** Largest first. A directory has the sum of its files. */
  readonly paths: readonly PathBytes[];
  /** Files below none of the listed paths; absent when every file is covered. */
  readonly morePaths?: { readonly count: number; readonly bytes: number };
}

interface Node {
  readonly path: BytePath;
  files: number;
  bytes: number;
  largest: RowItem;
  children: Map<string, Node> | undefined;
  whole: boolean;
}

/**
 * Groups files into at most ten rows: the highest directories that were hidden as a whole, otherwise the deepest
 * directories that fit into ten rows. A directory with one file is shown as that file.
 */
export function groupRows(items: Iterable<RowItem>): Rows {
  const root = plant(items);
  if (root === undefined) return { paths: [] };
  let rows = [root];
  for (;;) {
    const next = rows.filter((row) => opens(row, rows.length)).toSorted(largestFirst)[0];
    if (next === undefined) break;
    rows = [...rows.filter((row) => row !== next), ...(next.children?.values() ?? [])];
  }
  const sorted = rows.toSorted(largestFirst);
  const paths = sorted.slice(0, MOST_ROWS).map(toRow);
  const rest = sorted.slice(MOST_ROWS);
  if (rest.length === 0) return { paths };
  return { paths, morePaths: { count: sum(rest, "files"), bytes: sum(rest, "bytes") } };
}

/** Formats the rows for a sentence: ` (/tmp/a.tgz)`, ` (/opt/x and 3 more)`; empty without rows. */
export function inWords(rows: Rows): string {
  const [first] = rows.paths;
  if (first === undefined) return "";
  const more = rows.paths.length - 1 + (rows.morePaths?.count ?? 0);
  return ` (${shorten(showPath(first.path))}${more === 0 ? "" : ` and ${formatNumber(more)} more`})`;
}

/** Shortens a path in the middle for a sentence; the list below the sentence has the whole path. */
function shorten(path: string): string {
  if (path.length <= LONGEST_IN_WORDS) return path;
  // do not split a surrogate pair
  const start = path.slice(0, 40).replace(/[\ud800-\udbff]$/, "");
  return `${start}…${path.slice(39 - LONGEST_IN_WORDS).replace(/^[\udc00-\udfff]/, "")}`;
}

function plant(items: Iterable<RowItem>): Node | undefined {
  let root: Node | undefined;
  for (const item of items) {
    root ??= leaf(rootPath, item);
    let node = root;
    add(node, item);
    let end = item.path.indexOf("/");
    for (;;) {
      const path = end === -1 ? item.path : folderUpTo(item.path, end);
      node.children ??= new Map();
      // A path may be a file in one layer and a directory in another.
      const key = end === -1 ? `${path}\0` : path;
      let child = node.children.get(key);
      if (child === undefined) node.children.set(key, (child = leaf(path, item)));
      node = child;
      add(node, item);
      if (end === -1) break;
      // The root is never shown as a row, because "/" carries no information.
      if (path === item.through) node.whole = true;
      end = item.path.indexOf("/", end + 1);
    }
  }
  return root;
}

function leaf(path: BytePath, largest: RowItem): Node {
  return { path, files: 0, bytes: 0, largest, children: undefined, whole: false };
}

function add(node: Node, item: RowItem): void {
  node.files++;
  node.bytes += item.bytes;
  if (item.bytes > node.largest.bytes) node.largest = item;
}

/**
 * Returns true if a row may be replaced by its children: always for the root and an only child, else while the rows
 * fit.
 */
function opens(row: Node, rows: number): boolean {
  const children = row.children?.size ?? 0;
  if (children === 0 || row.whole || row.files === 1) return false;
  return row.path === "" || rows - 1 + children <= MOST_ROWS;
}

function toRow(node: Node): PathBytes {
  if (node.files === 1) return { path: node.largest.path, bytes: node.bytes };
  if (node.children === undefined) return { path: node.path, bytes: node.bytes, files: node.files };
  const { path, bytes, files, largest } = node;
  // A file with most of a directory's bytes is shown by name.
  if (largest.bytes * 2 < bytes || largest.bytes === 0) return { path, bytes, files };
  return { path, bytes, files, note: `mostly ${toText(asBytePath(largest.path.slice(path.length + 1)))}` };
}

function largestFirst(a: Node, b: Node): number {
  return b.bytes - a.bytes || (a.path < b.path ? -1 : 1);
}

function sum(nodes: readonly Node[], of: "files" | "bytes"): number {
  return nodes.reduce((total, node) => total + node[of], 0);
}
