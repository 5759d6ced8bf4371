import { createHash } from "node:crypto";
import type { BytePath, Entry, Image, Layer } from "../../image/image.ts";
import type { Provider, Visible } from "./visible.ts";

/** In what two root file systems differ at one name. */
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
  readonly image: Pick<Image, "hash"> & { readonly layers: readonly Layer[] };
  readonly visible: Visible;
}

export interface Comparison {
  /** In byte order of path. */
  readonly differences: readonly Difference[];
  /** Equal when there is no difference (optimize.md section 7). */
  readonly digests: readonly [before: string, after: string];
  readonly names: number;
  /** Files whose contents were compared by hash; all others are the same bytes of the same layer. */
  readonly hashed: number;
}

/**
 * Compares two root file systems, name by name. A file that both take from the same place of the same layer is the same;
 * all others are hashed where their sizes are equal.
 */
export async function compareVisible(before: Side, after: Side): Promise<Comparison> {
  const paths = [...new Set([...before.visible.keys(), ...after.visible.keys()])].sort();
  const hashed = await hashWhatDecides(before, after);
  const differences: Difference[] = [];
  const digests = [createHash("sha256"), createHash("sha256")] as const;
  const firstNames = [new Map<Provider, BytePath>(), new Map<Provider, BytePath>()] as const;
  for (const path of paths) {
    const providers = [before.visible.get(path), after.visible.get(path)] as const;
    const [a, b] = providers.map((provider, i) => {
      if (provider === undefined) return undefined;
      let first = firstNames[i]!.get(provider);
      if (first === undefined || provider.entry === undefined) firstNames[i]!.set(provider, (first = path));
      const content = contentOf(
        i === 0 ? before : after,
        provider,
        i === 0 ? after : before,
        providers[1 - i],
      );
      return recordOf(provider, first, content);
    });
    if (a !== undefined) digests[0].update(`${JSON.stringify([path, a])}\n`);
    if (b !== undefined) digests[1].update(`${JSON.stringify([path, b])}\n`);
    const aspects = aspectsOf(a, b);
    if (aspects.length > 0)
      differences.push({ path, aspects, bytes: [sizeOf(providers[0]), sizeOf(providers[1])] });
  }
  return {
    differences,
    digests: [`sha256:${digests[0].digest("hex")}`, `sha256:${digests[1].digest("hex")}`],
    names: before.visible.size,
    hashed,
  };
}

/** One aspect of a name each; two names are alike when all of them are equal. */
interface Record {
  readonly kind: string;
  readonly content: string;
  readonly mode: number;
  readonly owner: string;
  readonly time: string;
  readonly xattr: string;
  readonly target: string;
  readonly device: string;
  readonly links: BytePath;
}

function recordOf({ entry }: Provider, first: BytePath, content: string): Record {
  if (entry === undefined) {
    // nobody says what attributes it has, and runtimes differ
    const none = { content, mode: -1, owner: "", time: "", xattr: "", target: "", device: "" };
    return { kind: "implied dir", ...none, links: first };
  }
  return {
    kind: entry.kind,
    content,
    // the mode of a symlink means nothing, but it is there
    mode: entry.mode,
    owner: `${entry.uid}:${entry.gid}`,
    time: `${entry.mtime}.${String(entry.mtimeNs).padStart(9, "0")}`,
    xattr: xattrsOf(entry),
    target: entry.kind === "symlink" ? entry.link : "",
    device: entry.device?.join(":") ?? "",
    links: first,
  };
}

function xattrsOf({ xattrs }: Entry): string {
  return xattrs === undefined ? "" : JSON.stringify([...xattrs].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function aspectsOf(a: Record | undefined, b: Record | undefined): Aspect[] {
  if (a === undefined) return b === undefined ? [] : ["added"];
  if (b === undefined) return ["removed"];
  if (a.kind !== b.kind) return ["kind"];
  const all = ["content", "mode", "owner", "time", "xattr", "target", "device", "links"] as const;
  return all.filter((aspect) => a[aspect] !== b[aspect]);
}

/** The same bytes of the same layer. */
function isSamePlace(a: Side, one: Provider, b: Side, other: Provider): boolean {
  return (
    one.entry?.dataOffset === other.entry?.dataOffset &&
    one.entry?.storedBytes === other.entry?.storedBytes &&
    a.image.layers[one.layer]?.diffId === b.image.layers[other.layer]?.diffId
  );
}

function contentOf(side: Side, provider: Provider, otherSide: Side, other: Provider | undefined): string {
  const { entry, layer } = provider;
  if (entry?.kind !== "file") return "";
  const place = `${side.image.layers[layer]?.diffId} ${entry.dataOffset} ${entry.size}`;
  if (other !== undefined && isSamePlace(side, provider, otherSide, other)) return place;
  return entry.sha256 === undefined ? place : `${entry.sha256} ${entry.size}`;
}

async function hashWhatDecides(before: Side, after: Side): Promise<number> {
  const questions: [Map<Entry, Provider>, Map<Entry, Provider>] = [new Map(), new Map()];
  for (const [path, one] of before.visible) {
    const other = after.visible.get(path);
    if (one.entry?.kind !== "file" || other?.entry?.kind !== "file") continue;
    if (one.entry.size !== other.entry.size || isSamePlace(before, one, after, other)) continue;
    questions[0].set(one.entry, one);
    questions[1].set(other.entry, other);
  }
  for (const [i, { image }] of [before, after].entries()) {
    const wanted = [...questions[i]!.values()].map(({ entry, layer }) => ({
      layer: image.layers[layer]!,
      entry: entry!,
    }));
    await image.hash(wanted);
    const missing = wanted.find(({ entry }) => entry.sha256 === undefined);
    if (missing !== undefined) throw new Error(`${missing.entry.path} was not hashed: a bug in comparing`);
  }
  return questions[0].size;
}

function sizeOf(provider: Provider | undefined): number | undefined {
  return provider?.entry?.kind === "file" ? provider.entry.size : undefined;
}
