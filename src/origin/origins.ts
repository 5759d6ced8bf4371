/** Links layers to the lines that made them (docs/spec/history.md, section 2). */
import type { DockerfileView } from "../build/build.ts";
import { itemAt } from "../must.ts";
import { align, Grid, type Alignment, type LinkedSteps } from "./align.ts";
import { boundaryFromHistory, entriesAfter, layersBefore } from "./base.ts";
import { builderOf } from "./builder-of.ts";
import { certaintyOf } from "./certainty.ts";
import { readRecord, type HistoryRecord } from "./history-record.ts";
import { knownBaseLayers } from "./known-base.ts";
import { layerOrigins } from "./layers.ts";
import { isSubstantial } from "./match-instruction.ts";
import { mismatchesOf } from "./mismatches.ts";
import type { OriginOptions, OriginFacts } from "./origin-facts.ts";
import type { Base, BaseFoundBy, Certainty, HistoryLink, Origins } from "./origin.ts";
import { isSameText, provenanceOf } from "./provenance.ts";

/** Largest number of comparisons, more than any real image needs; beyond it nothing is linked. */
const maxComparisons = 4_000_000;

/**
 * Links an image with its Dockerfile and finds the base. Throws `UserError` when the given base cannot be this
 * image's.
 */
export function originsOf(
  image: OriginFacts,
  view: DockerfileView | undefined,
  options: OriginOptions = {},
): Origins {
  const records = (image.config.history ?? []).map(readRecord);
  const count = image.layers.length;
  const known = knownBaseLayers(image, view, options);
  if (records.length === 0 || layersBefore(records, records.length) !== count) {
    const base = {
      layers: Math.min(known?.layers ?? 1, count),
      history: 0,
      foundBy: known?.foundBy ?? "first-layer",
    } as const;
    return { ...unlinked(image, records, base, true), matches: false };
  }
  const range = knownRange(records, known, options);
  const linked = view === undefined ? undefined : link(records, view, range, provenLines(image, view));
  if (linked !== undefined) {
    const base: Base = {
      layers: layersBefore(records, linked.boundary),
      history: linked.boundary,
      foundBy: range?.foundBy ?? "dockerfile",
    };
    const links = linksOf(image, records, linked);
    return {
      base,
      links,
      layers: layerOrigins(records, links, base, image.config),
      mismatches: mismatchesOf(linked, links),
      matches: true,
      unaligned: false,
      builder: builderOf(image.config),
    };
  }
  const boundary =
    range === undefined ? boundaryFromHistory(records) : { history: range.last, foundBy: range.foundBy };
  const base: Base = { ...boundary, layers: layersBefore(records, boundary.history) };
  return unlinked(image, records, base, false);
}

/** The range of entries that may be the first above a known base. */
interface Range {
  readonly first: number;
  readonly last: number;
  readonly foundBy: BaseFoundBy;
}

function knownRange(
  records: readonly HistoryRecord[],
  known: { readonly layers: number; readonly foundBy: BaseFoundBy } | undefined,
  options: OriginOptions,
): Range | undefined {
  if (options.fromHistory !== undefined) {
    const at = Math.min(options.fromHistory, records.length);
    return { first: at, last: at, foundBy: "option" };
  }
  if (known === undefined) return undefined;
  if (known.foundBy === "scratch") return { first: 0, last: 0, foundBy: "scratch" };
  return { ...entriesAfter(records, known.layers), foundBy: known.foundBy };
}

/** Links entries and steps; undefined when the Dockerfile did not build the image. */
function link(
  records: readonly HistoryRecord[],
  view: DockerfileView,
  range: Range | undefined,
  proven: ReadonlyMap<number, number>,
): LinkedSteps | undefined {
  // the base's triggers made entries too, but no line of this Dockerfile did
  const own = view.triggers.length;
  const steps = [...view.triggers, ...view.steps];
  if (records.length * steps.length > maxComparisons) return undefined;
  const grid = new Grid(records, steps, view.file.escape);
  const boundary = boundaryOf(grid, range);
  const alignment = align(grid, boundary, false);
  const certainties = records.map((_, e) => certaintyOf(grid, alignment, e, boundary));
  if (proven.size > 0) {
    prove(records, steps, own, proven, alignment, certainties);
    return { grid, own, alignment, certainties, boundary };
  }
  const isSure = (e: number | undefined) =>
    e !== undefined && (certainties[e] === "exact" || certainties[e] === "aligned");
  const written = steps.flatMap((_, i) => (i < own ? [] : [i]));
  const substantial = written.filter((i) => isSubstantial(itemAt(steps, i).instruction.keyword));
  const asked = substantial.length > 0 ? substantial : written;
  const all = asked.every((i) => alignment.entryOf[i] !== undefined);
  const matches = all || substantial.some((i) => isSure(alignment.entryOf[i]));
  return matches ? { grid, own, alignment, certainties, boundary } : undefined;
}

/** Returns the line of each layer from the provenance, if that was made from the same Dockerfile text. */
function provenLines(image: OriginFacts, view: DockerfileView): ReadonlyMap<number, number> {
  const provenance = provenanceOf(image);
  const isSame = provenance?.dockerfile !== undefined && isSameText(provenance.dockerfile, view.file.text);
  return isSame ? provenance.lineOf : new Map();
}

/** Overrides links with the lines that the provenance states. */
function prove(
  records: readonly HistoryRecord[],
  steps: DockerfileView["steps"],
  own: number,
  proven: ReadonlyMap<number, number>,
  alignment: Alignment,
  certainties: Certainty[],
): void {
  let layer = 0;
  records.forEach((record, e) => {
    if (record.emptyLayer) return;
    const line = proven.get(layer++);
    const step = steps.findIndex(({ instruction }, i) => i >= own && instruction.line === line);
    if (step < 0) return;
    const before = alignment.entryOf[step];
    if (before !== undefined && before !== e) {
      alignment.stepOf[before] = undefined;
      certainties[before] = "none";
    }
    const other = alignment.stepOf[e];
    if (other !== undefined && other !== step) alignment.entryOf[other] = undefined;
    alignment.entryOf[step] = e;
    alignment.stepOf[e] = step;
    certainties[e] = "exact";
  });
}

/** Finds the first entry above the base: the first entry of the alignment, which is made from the end backwards. */
function boundaryOf(grid: Grid, range: Range | undefined): number {
  if (range !== undefined && range.first === range.last) return range.first;
  const { records, steps } = grid;
  const found = align(grid, range?.first ?? 0, true);
  let boundary = found.first;
  // instructions before the first link whose entries are of the same kind
  const leading = found.entryOf.findIndex((entry) => entry !== undefined);
  for (let i = leading - 1; i >= 0 && boundary > 0; i--) {
    const entry = itemAt(records, boundary - 1);
    const next = records[boundary];
    if (
      entry.keyword !== itemAt(steps, i).instruction.keyword ||
      entry.style !== next?.style ||
      entry.comment !== next.comment
    )
      break;
    boundary--;
  }
  return Math.max(range?.first ?? 0, Math.min(boundary, range?.last ?? records.length));
}

function linksOf(
  image: OriginFacts,
  records: readonly HistoryRecord[],
  linked: LinkedSteps | undefined,
): HistoryLink[] {
  let layer = 0;
  return records.map((record, e) => {
    const step = linked?.alignment.stepOf[e];
    const isOwn = linked !== undefined && step !== undefined && step >= linked.own;
    return {
      history: e,
      createdBy: image.config.history?.[e]?.createdBy,
      layer: record.emptyLayer ? undefined : layer++,
      instruction: isOwn ? linked.grid.steps[step]?.instruction : undefined,
      certainty: (isOwn ? linked.certainties[e] : undefined) ?? "none",
    };
  });
}

function unlinked(
  image: OriginFacts,
  records: readonly HistoryRecord[],
  base: Base,
  unaligned: boolean,
): Origins {
  const links = linksOf(image, records, undefined);
  const layers = unaligned
    ? image.layers.map((_, layer) => ({
        layer,
        history: undefined,
        createdBy: undefined,
        instruction: undefined,
        lastInstruction: undefined,
        certainty: "none" as const,
        inBase: layer < base.layers,
      }))
    : layerOrigins(records, links, base, image.config);
  return {
    base,
    links: unaligned ? links.map((each) => ({ ...each, layer: undefined })) : links,
    layers,
    mismatches: [],
    matches: false,
    unaligned: unaligned && records.length > 0,
    builder: builderOf(image.config),
  };
}

/**
 * Returns the number of layers that a rewrite keeps: the base if there is evidence for it, else the first layer
 * (docs/spec/layers.md, rule 7).
 */
export function fixedLayersOf(origins: Origins): number {
  const { base, layers } = origins;
  return isGuess(base.foundBy) ? Math.min(1, layers.length) : base.layers;
}

/** Returns true if the end of the base is a guess. */
export function isGuess(foundBy: BaseFoundBy): boolean {
  return ["buildah-comment", "builder-change", "last-cmd", "first-layer"].includes(foundBy);
}
