import {
  count,
  formatBytes,
  type Cause,
  type Death,
  type Fix,
  type ImageView,
  type Inode,
  type Severity,
} from "../../src/engine/contract.ts";

/** Content bytes below which waste is worth a line in the report, but not a failing build: `info`. */
export const WARNING_FLOOR = 100_000;

/** Deaths that one pair of instructions caused. */
export interface DeathGroup {
  /** `base` for all files of the base image together: whose layer it was is no matter, they stay where they are. */
  readonly addedIn: number | "base";
  readonly killedIn: number;
  readonly deaths: readonly Death[];
  /** Content bytes of the dead copies. */
  readonly bytes: number;
}

/** The deaths of the given causes that a layer above the base caused, by pair of layers, most bytes first. */
export function groupByPair(view: ImageView, causes: readonly Cause[]): DeathGroup[] {
  const base = view.origins.base.layers;
  const groups = new Map<
    string,
    { addedIn: number | "base"; killedIn: number; deaths: Death[]; bytes: number }
  >();
  for (const death of view.rootfs.deaths) {
    if (death.killedIn < base || !causes.includes(death.cause)) continue;
    const addedIn = death.addedIn < base ? "base" : death.addedIn;
    const key = `${addedIn} ${death.killedIn}`;
    let group = groups.get(key);
    if (group === undefined) {
      groups.set(key, (group = { addedIn, killedIn: death.killedIn, deaths: [], bytes: 0 }));
    }
    group.deaths.push(death);
    group.bytes += death.bytes;
  }
  return [...groups.values()].toSorted((a, b) => b.bytes - a.bytes);
}

/** The same group with fewer deaths. */
export function narrow(group: DeathGroup, deaths: readonly Death[]): DeathGroup {
  return { ...group, deaths, bytes: deaths.reduce((sum, death) => sum + death.bytes, 0) };
}

/** The inodes that died. */
export function inodesOf(deaths: readonly Death[]): Inode[] {
  return deaths.map((death) => ({ layer: death.addedIn, entry: death.entry }));
}

/** `83.4 MB in 1,204 files`. */
export function howMuch(bytes: number, files: number): string {
  return `${formatBytes(bytes)} in ${count(files, "file")}`;
}

/** `it` for one file, `them` for more. */
export function them(files: number): "it" | "them" {
  return files === 1 ? "it" : "them";
}

/** `info` for waste below the floor, else the rule's own severity. To be spread into a finding. */
export function severityOf(bytes: number, floor = WARNING_FLOOR): { readonly severity?: Severity } {
  return bytes < floor ? { severity: "info" } : {};
}

/** `optimize` may change it. */
export function isRewritable({ fixedLayers, refused }: ImageView, layer: number): boolean {
  return layer >= fixedLayers && refused?.has(layer) !== true;
}

/**
 * Rewriting the image drops dead files of the layers that may be rewritten (docs/spec/layers.md, rule 7), and no
 * container sees a difference.
 */
export function dropDead(view: ImageView, deaths: readonly Death[]): { readonly fixes?: readonly Fix[] } {
  const bytes = deaths.reduce(
    (sum, death) => (isRewritable(view, death.addedIn) ? sum + death.bytes : sum),
    0,
  );
  if (bytes === 0) return {};
  const description = `rewrite the image without these files: ${formatBytes(bytes)} less, the same file system`;
  return { fixes: [{ description, safety: "safe", operation: "drop-dead" }] };
}

/**
 * The copies that stand in place of the dead ones. For a file of the base image that only changed its attributes they
 * are the avoidable bytes (docs/spec/layers.md, rule 7).
 */
export function newCopies(deaths: readonly Death[]): Inode[] {
  return deaths.flatMap(({ killedIn, by }) => (by?.kind === "file" ? [{ layer: killedIn, entry: by }] : []));
}
