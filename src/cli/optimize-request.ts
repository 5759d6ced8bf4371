import type { LayerRange } from "../optimize/plan/layer-plan.ts";
import type { OriginOptions } from "../origin/origin-facts.ts";
import { UserError } from "../errors.ts";
import type { Entry, OpenedImage } from "../image/image.ts";
import { formOf } from "../optimize/optimize-image.ts";
import type { OptimizeRequest } from "../optimize/request.ts";
import { fixedLayersOf, originsOf } from "../origin/origins.ts";
import type { Origins } from "../origin/origin.ts";
import type { OptimizeArguments } from "./optimize-options.ts";
import { splitList } from "./options.ts";
import { baseOf, layersOfOther } from "./other-image.ts";
import type { Streams } from "./streams.ts";
import type { Target } from "./targets.ts";

type DockerfileTarget = Target & { readonly kind: "dockerfile" };

/** What the arguments ask for, of an image that is open. */
export async function requestOf(
  args: OptimizeArguments,
  streams: Streams,
  image: OpenedImage,
  dockerfile: DockerfileTarget | undefined,
  /** How many platforms are written. */
  platforms: number,
): Promise<{ request: Omit<OptimizeRequest, "onBytes">; origins: Origins }> {
  const recompress = recompressOf(args);
  const origin = args.base === undefined ? {} : await baseOf(args.base, streams.signal);
  const origins = await originsWith(args, image, dockerfile, origin);
  const fixed = fixedLayersOf(origins);
  const request = {
    image,
    fixedLayers: fixed,
    shared: await sharedWith(args, streams, image),
    pruned: await prunedBy(args, image, dockerfile, origin),
    squash: await squashOf(args, image, dockerfile, origin, fixed),
    form: formOf(args.to, args.output ?? "", image.source.form, platforms),
    repair: args.repair,
    dropIdentical: args.drop === "identical",
    recompress,
    signal: streams.signal,
    allowHuge: args.allowHuge,
  };
  return { request, origins };
}

const levels = { gzip: [0, 9], zstd: [1, 22] } as const;

/** `gzip:9`, `zstd`, `none`. */
function recompressOf({ recompress, recompressBase }: OptimizeArguments): OptimizeRequest["recompress"] {
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

/** The image's origins: they say where the base ends, by exact evidence, an aligned Dockerfile, or a guess. */
async function originsWith(
  args: OptimizeArguments,
  image: OpenedImage,
  dockerfile: DockerfileTarget | undefined,
  origin: OriginOptions,
): Promise<Origins> {
  const view = dockerfile === undefined ? undefined : await viewOf(dockerfile, args.target);
  return originsOf(image, view, origin);
}

/** The files that `leftover-cache` finds in layers above the base, of the kinds that were asked for. */
async function prunedBy(
  args: OptimizeArguments,
  image: OpenedImage,
  dockerfile: DockerfileTarget | undefined,
  origin: OriginOptions,
): Promise<Map<number, Set<Entry>>> {
  const kinds = splitList(args.prune);
  if (args.prune.length > 0 && kinds.length === 0)
    throw new UserError("--prune: write caches, logs, or caches,logs");
  for (const kind of kinds)
    if (kind !== "caches" && kind !== "logs")
      throw new UserError(`--prune ${kind}: write caches, logs, or caches,logs`);
  const pruned = new Map<number, Set<Entry>>();
  if (kinds.length === 0) return pruned;
  const [{ makeSubject }, { defaultOptions }, { leftoverCache }] = await Promise.all([
    import("../lint/make-subject.ts"),
    import("../lint/settings.ts"),
    import("../../rules/caches/leftover-cache.ts"),
  ]);
  const subject = await makeSubject({ dockerfile, image, target: args.target, origin });
  for (const finding of leftoverCache.check(subject, defaultOptions(leftoverCache))) {
    if (!finding.fixes?.some(({ prunes }) => prunes !== undefined && kinds.includes(prunes))) continue;
    for (const { layer, entry } of finding.inodes ?? []) {
      const entries = pruned.get(layer);
      if (entries === undefined) pruned.set(layer, new Set([entry]));
      else entries.add(entry);
    }
  }
  return pruned;
}

/** Layers above the base that other images have as well: rewritten, they would be shared no more. */
async function sharedWith(
  args: OptimizeArguments,
  streams: Streams,
  image: OpenedImage,
): Promise<Set<number>> {
  const theirs = new Set<string>();
  for (const name of args.with) {
    const others = await layersOfOther("--with", name, streams.signal);
    for (const diffId of others.flat()) theirs.add(diffId);
  }
  return new Set(image.layers.flatMap(({ diffId, index }) => (theirs.has(diffId) ? [index] : [])));
}

/** `auto`, `above-base`, `all`, or ranges of layers: `3-5`, `3..5`, `1-2,4-6`. */
async function squashOf(
  args: OptimizeArguments,
  image: OpenedImage,
  dockerfile: DockerfileTarget | undefined,
  origin: OriginOptions,
  fixed: number,
): Promise<OptimizeRequest["squash"]> {
  const { squash } = args;
  if (squash === undefined) return undefined;
  const last = image.layers.length - 1;
  if (squash === "all") return () => [{ first: 0, last }];
  if (squash === "above-base") return () => [{ first: fixed, last }];
  if (squash === "auto") {
    const [{ makeSubject }, { bestMerges }] = await Promise.all([
      import("../lint/make-subject.ts"),
      import("../analysis/layer-merges.ts"),
    ]);
    const { image: view } = await makeSubject({ dockerfile, image, target: args.target, origin });
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
  if (sorted.some(({ first }, i) => i > 0 && first <= sorted[i - 1]!.last))
    throw new UserError(`--squash ${squash}: a layer is in two of these ranges`);
  return () => sorted;
}

async function viewOf(dockerfile: DockerfileTarget, target: string | undefined) {
  const [{ parseDockerfile }, { resolveBuild }] = await Promise.all([
    import("../dockerfile/parse.ts"),
    import("../build/resolve-build.ts"),
  ]);
  return resolveBuild(
    parseDockerfile(dockerfile.text, dockerfile.name),
    target === undefined ? {} : { target },
  );
}
