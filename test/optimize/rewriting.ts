/** Stacks rewritten in memory: real tars, read by the reader, without any image around them. */
import { createHash } from "node:crypto";
import { asDiffId } from "../../src/image/digest.ts";
import type { Entry, Layer } from "../../src/image/image.ts";
import { readLayer } from "../../src/image/layer/read-layer.ts";
import { PieceWriter, type Piece } from "../../src/image/writing/pieces.ts";
import type { LayerPlan, PlanInput } from "../../src/optimize/plan/layer-plan.ts";
import type { PlanOptions } from "../../src/optimize/plan/plan-layer.ts";
import { planLayers } from "../../src/optimize/plan/plan.ts";
import { compareVisible, type Comparison } from "../../src/optimize/proof/compare-visible.ts";
import { bothWays } from "../../src/optimize/proof/prove.ts";
import { packSketches } from "../support/sketch.ts";

export interface Rewritten {
  readonly plans: readonly LayerPlan[];
  readonly before: readonly Layer[];
  readonly after: readonly Layer[];
  /** The tars that the input's layers became; undefined for one that is gone. */
  readonly tars: readonly (Buffer | undefined)[];
  readonly comparison: Comparison;
}

export async function layerOf(tar: Buffer, index: number): Promise<Layer> {
  const chunks = (async function* () {
    yield tar;
  })();
  const content = await readLayer({ kind: "stream", chunks, size: tar.length, name: `layer ${index}` });
  const diffId = asDiffId(`sha256:${createHash("sha256").update(tar).digest("hex")}`);
  return {
    ...content,
    index,
    diffId,
    digest: diffId,
    mediaType: undefined,
    annotations: {},
    missing: false,
  };
}

/** `chunk`: how many bytes of a layer come at a time. */
export async function rewriteStack(
  texts: readonly (string | Buffer)[],
  more: Partial<PlanInput & PlanOptions> & { readonly chunk?: number } = {},
): Promise<Rewritten> {
  const tars = await packSketches(texts);
  const before = await Promise.all(tars.map(layerOf));
  const plans = planLayers(
    { layers: before, os: "linux", fixedLayers: 0, mayRemove: true, isPruned: () => false, ...more },
    {
      repair: false,
      dropIdentical: false,
      isSameContent: (a: Entry, b: Entry) => a.sha256 === b.sha256,
      ...more,
    },
  );
  const made = await Promise.all(
    plans.map(async (plan, i) => {
      if (plan.action === "keep") return tars[i]!;
      if (plan.action !== "rewrite") return undefined;
      const old = Buffer.concat(plan.sources.map((source) => tars[source]!));
      return newTar(old, plan.rewrite.pieces, more.chunk);
    }),
  );
  const after = await Promise.all(made.filter((tar) => tar !== undefined).map(layerOf));
  const side = (layers: readonly Layer[]) => ({
    image: { layers, hash: async () => {} },
    visible: bothWays({ name: "stack", layers }),
  });
  return { plans, before, after, tars: made, comparison: await compareVisible(side(before), side(after)) };
}

export async function newTar(old: Buffer, pieces: readonly Piece[], chunk = 700): Promise<Buffer> {
  const out: Buffer[] = [];
  let shelf = Buffer.alloc(0);
  const writer = new PieceWriter(
    pieces,
    {
      put: (bytes) => (shelf = Buffer.concat([shelf, bytes])),
      take: (at, length) => shelf.subarray(at, at + length),
    },
    (bytes) => void out.push(Buffer.from(bytes)),
  );
  for (let at = 0; at < old.length; at += chunk) await writer.push(old.subarray(at, at + chunk));
  await writer.finish();
  return Buffer.concat(out);
}

/** The bytes of each kept entry, headers included, as they stand in a tar. */
export function rawEntries(tar: Buffer, layer: Layer): Map<string, Buffer> {
  return new Map(
    layer.entries.map(({ path, offset, tarBytes }) => [path, tar.subarray(offset, offset + tarBytes)]),
  );
}
