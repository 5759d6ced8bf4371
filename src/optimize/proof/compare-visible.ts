/** Compares two root file systems, name by name. */
import { createHash, type Hash } from "node:crypto";
import { rootPath } from "../../byte-path.ts";
import { workHere, type ByteWork } from "../../image/bytes/work.ts";
import type { BytePath, Entry } from "../../image/image.ts";
import { askForContents, FilePairs, DifferentPairs, type ReadableImage } from "./different-contents.ts";
import type { Provider, Visible } from "./visible.ts";

/** A way in which two root file systems differ at one path. */
export type Aspect =
  | "added"
  | "removed"
  | "kind"
  | "content"
  | "mode"
  | "owner"
  | "time"
  | "xattr"
  /** The target of a symlink. */
  | "target"
  | "device"
  /** Which names are hardlinks of each other. */
  | "links";

export interface Difference {
  readonly path: BytePath;
  readonly aspects: readonly Aspect[];
  /** Content bytes before and after, for files. */
  readonly bytes: readonly [before: number | undefined, after: number | undefined];
}

export interface Side {
  readonly image: ReadableImage;
  readonly visible: Visible;
}

export interface Comparison {
  /** In byte order of path. */
  readonly differences: readonly Difference[];
  /** Equal when there is no difference (docs/spec/optimizing.md, section 7). */
  readonly digests: readonly [before: string, after: string];
  readonly names: number;
  /** Files whose contents were compared; all others are the same bytes of the same layer. */
  readonly compared: number;
}

/**
 * Compares two root file systems, name by name. A file that both take from the same place of the same layer is the same;
 * the contents of all others are compared where their sizes are equal.
 */
export async function compareVisible(
  before: Side,
  after: Side,
  bytes: ByteWork = workHere,
): Promise<Comparison> {
  const pairs = filePairs(before, after);
  const contents = await askForContents(before.image, after.image, pairs, bytes);
  // contents nearly never differ, so meanwhile everything else is compared as if they did not
  const alike = compareNames(before, after, new DifferentPairs());
  await bytes.takeJobs();
  const different = await contents.different;
  const found = different.isEmpty ? alike : compareNames(before, after, different);
  return { ...found, names: before.visible.size, compared: pairs.count };
}

function compareNames(
  before: Side,
  after: Side,
  different: DifferentPairs,
): Pick<Comparison, "differences" | "digests"> {
  const digests = new Digests();
  const firstNames = [new FirstNames(before.visible), new FirstNames(after.visible)] as const;
  const differences: Difference[] = [];
  for (const path of pathsOf(before.visible, after.visible)) {
    const [one, other] = [before.visible.get(path), after.visible.get(path)];
    const content = contentOf(after, other);
    const a =
      one === undefined
        ? undefined
        : {
            entry: one.entry,
            content: areSame(one, other, different) ? content : contentOf(before, one),
            links: firstNames[0].of(one, path),
          };
    const b =
      other === undefined ? undefined : { entry: other.entry, content, links: firstNames[1].of(other, path) };
    const aspects = aspectsOf(a, b);
    if (aspects.length === 0) digests.addToBoth(lineOf(path, a));
    else {
      digests.add(lineOf(path, a), lineOf(path, b));
      differences.push({ path, aspects, bytes: [sizeOf(one), sizeOf(other)] });
    }
  }
  return { differences, digests: digests.end() };
}

/** All names of both, in byte order. */
function pathsOf(before: Visible, after: Visible): BytePath[] {
  const paths = [...before.keys()];
  for (const path of after.keys()) if (!before.has(path)) paths.push(path);
  return paths.sort();
}

/** The properties compared at one path. */
interface Seen {
  /** Undefined for an implied directory, whose attributes depend on the runtime. */
  readonly entry: Entry | undefined;
  readonly content: string;
  /** The first path of the file in byte order; hardlinks of one file share it. */
  readonly links: BytePath;
}

/** A line for the digest: all that `aspectsOf` compares, in a unique form. */
function lineOf(path: BytePath, seen: Seen | undefined): string {
  if (seen === undefined) return "";
  const { entry, content } = seen;
  // names are quoted; nothing else contains a space or a line break
  const links = seen.links === path ? "" : JSON.stringify(seen.links);
  const name = `${JSON.stringify(path)} ${kindOf(seen)} ${content} ${links}`;
  if (entry === undefined) return `${name}\n`;
  const { mode, uid, gid, mtime, mtimeNs } = entry;
  const target = entry.kind === "symlink" ? JSON.stringify(entry.link) : "";
  const rest = `${target} ${entry.device?.join() ?? ""} ${xattrsOf(entry)}`;
  return `${name} ${mode} ${uid} ${gid} ${mtime} ${mtimeNs} ${rest}\n`;
}

function aspectsOf(a: Seen | undefined, b: Seen | undefined): Aspect[] {
  if (a === undefined) return b === undefined ? [] : ["added"];
  if (b === undefined) return ["removed"];
  if (kindOf(a) !== kindOf(b)) return ["kind"];
  const [one, other] = [a.entry, b.entry];
  const aspects: Aspect[] = [];
  if (a.content !== b.content) aspects.push("content");
  // the mode of a symlink has no effect, but a container can read it
  if (one?.mode !== other?.mode) aspects.push("mode");
  if (one?.uid !== other?.uid || one?.gid !== other?.gid) aspects.push("owner");
  if (one?.mtime !== other?.mtime || one?.mtimeNs !== other?.mtimeNs) aspects.push("time");
  if (one !== undefined && other !== undefined && xattrsOf(one) !== xattrsOf(other)) aspects.push("xattr");
  if (targetOf(one) !== targetOf(other)) aspects.push("target");
  if (one?.device?.join() !== other?.device?.join()) aspects.push("device");
  if (a.links !== b.links) aspects.push("links");
  return aspects;
}

function kindOf({ entry }: Seen): string {
  return entry?.kind ?? "implied dir";
}

function xattrsOf({ xattrs }: Entry): string {
  return xattrs === undefined ? "" : JSON.stringify([...xattrs].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function targetOf(entry: Entry | undefined): string {
  return entry?.kind === "symlink" ? entry.link : "";
}

/** The digests of two lists of lines. As long as the lists are equal, only one is computed. */
class Digests {
  readonly #before = new LinesDigest();
  #after: LinesDigest | undefined;

  addToBoth(line: string): void {
    this.#before.add(line);
    this.#after?.add(line);
  }

  add(before: string, after: string): void {
    this.#after ??= this.#before.copy();
    this.#before.add(before);
    this.#after.add(after);
  }

  end(): readonly [before: string, after: string] {
    const before = this.#before.digest();
    return [before, this.#after?.digest() ?? before];
  }
}

/** The digest of many short lines. */
class LinesDigest {
  readonly #hash: Hash;
  #waiting = "";

  constructor(hash = createHash("sha256")) {
    this.#hash = hash;
  }

  add(line: string): void {
    this.#waiting += line;
    if (this.#waiting.length > 2 ** 16) this.#flush();
  }

  copy(): LinesDigest {
    this.#flush();
    return new LinesDigest(this.#hash.copy());
  }

  digest(): string {
    this.#flush();
    return `sha256:${this.#hash.digest("hex")}`;
  }

  #flush(): void {
    this.#hash.update(this.#waiting);
    this.#waiting = "";
  }
}

/** Identifies groups of hardlinks by the first of their names. Names must be asked for in byte order. */
class FirstNames {
  readonly #first = new Map<Provider, BytePath>();

  /** An inode with several names has at least one that differs from its entry's. */
  constructor(visible: Visible) {
    for (const [path, provider] of visible)
      if (provider.entry !== undefined && provider.entry.path !== path) this.#first.set(provider, rootPath);
  }

  of(provider: Provider, path: BytePath): BytePath {
    const first = this.#first.get(provider);
    if (first === "") this.#first.set(provider, path);
    return first === undefined || first === "" ? path : first;
  }
}

/** Pairs of files at the same path with equal sizes whose contents must be compared: not the same bytes of the same layer. */
function filePairs(before: Side, after: Side): FilePairs {
  const pairs = new FilePairs();
  for (const [path, one] of before.visible) {
    const other = after.visible.get(path);
    if (one.entry?.kind !== "file" || other?.entry?.kind !== "file") continue;
    if (one.entry.size !== other.entry.size || isSamePlace(before, one, after, other)) continue;
    pairs.add(one, other);
  }
  return pairs;
}

/** The same bytes of the same layer. */
function isSamePlace(a: Side, one: Provider, b: Side, other: Provider): boolean {
  return (
    one.entry?.dataOffset === other.entry?.dataOffset &&
    one.entry?.storedBytes === other.entry?.storedBytes &&
    a.image.layers[one.layer]?.diffId === b.image.layers[other.layer]?.diffId
  );
}

function areSame(one: Provider, other: Provider | undefined, different: DifferentPairs): boolean {
  const [a, b] = [one.entry, other?.entry];
  if (a?.kind !== "file" || b?.kind !== "file" || a.size !== b.size) return false;
  // the same data at other offsets of the file is another content
  return a.sparse === b.sparse && a.sparseMap === b.sparseMap && !different.has(a, b);
}

/** Identifies a content by its place: layer digest and offset are as good as a digest of the content itself. */
function contentOf({ image }: Side, provider: Provider | undefined): string {
  const entry = provider?.entry;
  if (provider === undefined || entry?.kind !== "file") return "";
  return `${image.layers[provider.layer]?.diffId} ${entry.dataOffset} ${entry.size}`;
}

function sizeOf(provider: Provider | undefined): number | undefined {
  return provider?.entry?.kind === "file" ? provider.entry.size : undefined;
}
