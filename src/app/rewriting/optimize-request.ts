/** Turns the options of `optimize` into a request for an open image. */
import { buildOf } from "../../analysis/subject.ts";
import { defined } from "../../defined.ts";
import { UserError } from "../../errors.ts";
import type { Entry, OpenedImage } from "../../image/image.ts";
import { itemAt } from "../../must.ts";
import { formOf } from "../../optimize/optimize-image.ts";
import type { LayerRange } from "../../optimize/plan/layer-plan.ts";
import type { OptimizeRequest } from "../../optimize/request.ts";
import type { OriginOptions } from "../../origin/origin-facts.ts";
import type { Origins } from "../../origin/origin.ts";
import { link } from "../../origin/link.ts";
import { fixedLayersOf } from "../../origin/origins.ts";
import { splitList, type RewriteOptions } from "../options.ts";
import { baseOf, configsOfOther } from "../targets/other-image.ts";
import type { DockerfileTarget } from "../targets/targets.ts";

/** Makes the request of `optimize` for an open image from the options. Throws `UserError` for invalid options. */
export async function requestOf(
  options: RewriteOptions,
  signal: AbortSignal,
  image: OpenedImage,
  dockerfile: DockerfileTarget | undefined,
  /** Number of platforms that are written. */
  platforms: number,
): Promise<{ request: Omit<OptimizeRequest, "onBytes">; origins: Origins }> {
  const recompress = recompressOf(options);
  const origin = await baseOf(options.base, signal);
  const origins = await originsWith(options, image, dockerfile, origin);
  const fixed = fixedLayersOf(origins);
  const request = {
    image,
    fixedLayers: fixed,
    shared: await sharedWith(options, signal, image),
    pruned: await prunedBy(options, image, dockerfile, origin),
    squash: await squashOf(options, image, dockerfile, origin, fixed),
    form: formOf(options.to, options.output ?? "", image.source.form, platforms),
    repair: options.repair === true,
    dropIdentical: options.drop === "identical",
    recompress,
    signal,
    allowHuge: options.allowHuge === true,
  };
  return { request, origins };
}

const levels = { gzip: [0, 9], zstd: [1, 22] } as const;

/** Parses `--recompress`: `gzip:9`, `zstd`, `none`. */
function recompressOf({ recompress, recompressBase = false }: RewriteOptions): OptimizeRequest["recompress"] {
  if (recompress === undefined) {
    if (recompressBase) throw new UserError("--recompress-base: name the compression with --recompress");
    return undefined;
  }
  const [, compression, level] = /^(gzip|zstd|none)(?::(\d{1,2}))?$/.exec(recompress) ?? [];
  if (compression === "none" && level === undefined)
    return { compression, level: undefined, base: recompressBase };
  if (compression === "gzip" || compression === "zstd") {
    const [least, most] = levels[compression];
    if (level === undefined) return { compression, level: undefined, base: recompressBase };
    if (Number(level) >= least && Number(level) <= most)
      return { compression, level: Number(level), base: recompressBase };
  }
  throw new UserError(
    `--recompress ${recompress}: write gzip, zstd or none, optionally with a level: gzip:9 (0 to 9), zstd:19 (1 to 22)`,
  );
}

/**
 * Returns the image's origins, which tell where the base ends, by exact evidence, an aligned Dockerfile, or a guess.
 */
async function originsWith(
  options: RewriteOptions,
  image: OpenedImage,
  dockerfile: DockerfileTarget | undefined,
  origin: OriginOptions,
): Promise<Origins> {
  const file = dockerfile === undefined ? undefined : await parse(dockerfile);
  return link(image, file, { ...defined({ target: options.target }), origin }).origins;
}

/** Returns the files of the given kinds that `leftover-cache` finds in layers above the base. */
async function prunedBy(
  options: RewriteOptions,
  image: OpenedImage,
  dockerfile: DockerfileTarget | undefined,
  origin: OriginOptions,
): Promise<Map<number, Set<Entry>>> {
  const kinds = splitList(options.prune ?? []).map((kind) => {
    if (kind !== "caches" && kind !== "logs")
      throw new UserError(`--prune ${kind}: write caches, logs, or caches,logs`);
    return kind;
  });
  if (options.prune !== undefined && options.prune.length > 0 && kinds.length === 0)
    throw new UserError("--prune: write caches, logs, or caches,logs");
  if (kinds.length === 0) return new Map();
  const [{ makeSubject }, { prunableFiles }] = await Promise.all([
    import("../../lint/make-subject.ts"),
    import("../../analysis/caches/leftovers-in-layers.ts"),
  ]);
  const subject = await makeSubject({ dockerfile, image, target: options.target, origin });
  if (subject.image === undefined) throw new Error("an image has no view: a bug");
  return prunableFiles(subject.image, buildOf(subject), new Set(kinds));
}

/** Returns the layers above the base that other images share; rewriting them would end the sharing. */
async function sharedWith(
  options: RewriteOptions,
  signal: AbortSignal,
  image: OpenedImage,
): Promise<Set<number>> {
  const theirs = new Set<string>();
  for (const name of options.with ?? []) {
    const others = await configsOfOther("--with", name, signal);
    for (const { diffIds } of others) for (const diffId of diffIds) theirs.add(diffId);
  }
  return new Set(image.layers.flatMap(({ diffId, index }) => (theirs.has(diffId) ? [index] : [])));
}

/** Parses `--squash`: `auto`, `above-base`, `all`, or ranges of layers: `3-5`, `3..5`, `1-2,4-6`. */
async function squashOf(
  options: RewriteOptions,
  image: OpenedImage,
  dockerfile: DockerfileTarget | undefined,
  origin: OriginOptions,
  fixed: number,
): Promise<OptimizeRequest["squash"]> {
  const { squash } = options;
  if (squash === undefined) return undefined;
  const last = image.layers.length - 1;
  if (squash === "all") return () => [{ first: 0, last }];
  if (squash === "above-base") return () => [{ first: fixed, last }];
  if (squash === "auto") {
    const [{ makeSubject }, { bestMerges }] = await Promise.all([
      import("../../lint/make-subject.ts"),
      import("../../analysis/layer-merges.ts"),
    ]);
    const { image: view } = await makeSubject({ dockerfile, image, target: options.target, origin });
    if (view === undefined) throw new Error("an image has no view: a bug");
    return (storedBytes) => bestMerges(view, { start: fixed, storedBytes });
  }
  const ranges = splitList([squash]).map((text): LayerRange => {
    const [, from, to] = /^(\d+)(?:-|\.\.)(\d+)$/.exec(text) ?? [];
    if (from === undefined || to === undefined)
      throw new UserError(
        `--squash ${squash}: write auto, above-base, all, or the numbers of layers that become one: 3-5`,
      );
    const range = { first: Number(from), last: Number(to) };
    if (range.first >= range.last || range.last > last)
      throw new UserError(
        `--squash ${squash}: ${image.name} has layers 0 to ${last}; write two of these numbers, the lower one first`,
      );
    return range;
  });
  if (ranges.length === 0)
    throw new UserError(
      "--squash: write auto, above-base, all, or the numbers of layers that become one: 3-5",
    );
  const sorted = ranges.toSorted((a, b) => a.first - b.first);
  if (sorted.some(({ first }, i) => i > 0 && first <= itemAt(sorted, i - 1).last))
    throw new UserError(`--squash ${squash}: a layer is in two of these ranges`);
  return () => sorted;
}

async function parse(dockerfile: DockerfileTarget) {
  const { parseDockerfile } = await import("../../dockerfile/parse.ts");
  return parseDockerfile(dockerfile.text, dockerfile.name);
}
