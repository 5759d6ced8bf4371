import type { BytePath, Cause, Death, Finding, ImageView, NoteCode } from "../../src/engine/contract.ts";
import { dropDead, inodesOf } from "../layers/deaths.ts";
import { evidenceOf, layerName } from "../layers/naming.ts";
import { groupRows, inWords, type RowItem } from "../layers/rows.ts";

/** A path of one layer that runtimes treat differently. */
export interface Oddity {
  readonly layer: number;
  readonly path: BytePath;
  /** The file that nobody can see because of it, where there is one. */
  readonly death?: Death;
}

export interface Wording {
  /** What the layer does, for a number of paths: `writes 3 paths through a symlink`. */
  readonly does: (paths: number) => string;
  /** Which runtimes do what with it. */
  readonly effect: string;
  readonly advice: string;
}

/** The notes of one kind, as oddities. */
export function oddities({ rootfs }: ImageView, code: NoteCode): Oddity[] {
  return rootfs.notes.filter((note) => note.code === code).map(({ layer, path }) => ({ layer, path }));
}

/** The files that died of one cause, as oddities of the layer that killed them. */
export function deathsBy({ rootfs }: ImageView, cause: Cause): Oddity[] {
  return rootfs.deaths
    .filter((death) => death.cause === cause)
    .map((death) => ({ layer: death.killedIn, path: death.path, death }));
}

/**
 * One finding per layer above the base, and one for all layers of the base together, which is `info`: who builds on a
 * base cannot change it.
 */
export function* portabilityFindings(
  view: ImageView,
  found: readonly Oddity[],
  wording: Wording,
): Iterable<Finding> {
  const base = view.origins.base.layers;
  const byLayer = new Map<number, Oddity[]>();
  for (const oddity of found) {
    // -1 stands for the whole base.
    const key = oddity.layer < base ? -1 : oddity.layer;
    const same = byLayer.get(key);
    if (same === undefined) byLayer.set(key, [oddity]);
    else same.push(oddity);
  }
  for (const same of byLayer.values()) yield toFinding(view, same, wording);
}

function toFinding(view: ImageView, found: readonly Oddity[], { does, effect, advice }: Wording): Finding {
  const layers = [...new Set(found.map(({ layer }) => layer))];
  const layer = layers[0] ?? 0;
  const inBase = layer < view.origins.base.layers;
  const paths = new Set(found.map(({ path }) => path));
  const rows = groupRows(rowsOf(found));
  const deaths = found.flatMap(({ death }) => death ?? []);
  const bytes = deaths.reduce((sum, death) => sum + death.bytes, 0);
  const places = layers.map((index) => ({
    layer: index,
    path: found.find((oddity) => oddity.layer === index)?.path,
  }));
  return {
    message: `${layerName(view, layer)} ${does(paths.size)}${inWords(rows)}: ${effect}`,
    advice: inBase ? `${advice} The layer is in the base image: only its maintainer can fix it.` : advice,
    ...(deaths.length === 0 ? {} : { bytes, inodes: inodesOf(deaths) }),
    evidence: inBase ? "layers" : evidenceOf(view, [layer]),
    ...(inBase ? { severity: "info" as const } : {}),
    places,
    ...rows,
    ...dropDead(view, deaths),
  };
}

/** One row item per path, with all bytes that it lost. */
function rowsOf(found: readonly Oddity[]): Iterable<RowItem> {
  const items = new Map<BytePath, { path: BytePath; bytes: number }>();
  for (const { path, death } of found) {
    const bytes = death?.bytes ?? 0;
    const item = items.get(path);
    if (item === undefined) items.set(path, { path, bytes });
    else item.bytes += bytes;
  }
  return items.values();
}
