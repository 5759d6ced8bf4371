import { WARNING_FLOOR } from "../../src/analysis/dead-files.ts";
import { bestMerges, type Merge } from "../../src/analysis/layer-merges.ts";
import { isRewritable } from "../../src/analysis/rewritable-layers.ts";
import { joinFix } from "../../src/edits/join-layers.ts";
import { formatList } from "../../src/format.ts";
import {
  defineRule,
  formatBytes,
  type DockerfileView,
  type Finding,
  type Fix,
  type ImageView,
  type Layer,
} from "../../src/rule/contract.ts";
import { evidenceOf, layerName } from "../../src/rule/findings/layer-names.ts";

/** Compressed bytes below which a layer is hardly more than its own overhead. */
const TINY = 100_000;
/** Fewer tiny neighbours are not worth a line. */
const TINY_NEIGHBOURS = 3;

export const squashableLayers = defineRule({
  id: "squashable-layers",
  aliases: ["DL3059"],
  category: "size",
  severity: "info",
  reads: "image",
  docs: {
    summary: "Neighbouring layers that would be smaller or simpler as one",
    what: `From the layers above the base image, never across its boundary: neighbours that are cheaper to ship as one layer than separately. As separate layers, a change transfers only the changed layer and those above it. As one, it transfers all of them, but without the files that one of them adds and another one deletes, and without the overhead of a layer (estimated at 3 MB of transfer). A COPY or ADD is assumed to change in every second release, anything else in every tenth.

Of these groups, the rule reports those with at least 100 kB of files that die inside the group, or at least three layers that are empty or below 100 kB. Always \`info\`, with the gain and the loss of sharing.`,
    why: "Every layer costs time in every pull, and bytes that die between two neighbours exist only because there are two layers. But a layer that seldom changes should stay separate: hosts that already have it do not download it again.",
    bad: [
      {
        title: "Four RUNs in a row with tiny layers",
        dockerfile:
          "FROM debian:12\nRUN useradd app\nRUN mkdir /data\nRUN chown app /data\nRUN echo ready > /data/state\n",
        layers: ["etc/ etc/passwd(1200)", "data/", "data/[uid=1000]", "data/ data/state(6)"],
      },
    ],
    good: [
      {
        title: "One RUN prepares the system",
        dockerfile:
          "FROM debian:12\nRUN useradd app && mkdir /data && chown app /data && echo ready > /data/state\n",
        layers: ["etc/ etc/passwd(1200) data/[uid=1000] data/state(6)"],
      },
    ],
    fix: "Joins neighbouring RUNs if at least 100 kB die between their layers, and the same commands certainly run the same way: nothing but comments between them, and the same flags, SHELL, USER, WORKDIR and variables. Always unsafe: it makes the build cache coarser. Merging the layers of the built image keeps the file system, but is unsafe too: no earlier release shares the merged layer.",
  },
  *check({ image, dockerfile }) {
    for (const merge of bestMerges(image)) {
      if (merge.deadBytes >= WARNING_FLOOR || tinyIn(image, merge) >= TINY_NEIGHBOURS)
        yield toFinding(image, merge, dockerfile);
    }
  },
});

function tinyIn(view: ImageView, merge: Merge): number {
  return layersOf(merge).filter((layer) => (view.image.layers[layer]?.compressedBytes ?? 0) < TINY).length;
}

function layersOf({ first, last }: Pick<Merge, "first" | "last">): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

function toFinding(view: ImageView, merge: Merge, dockerfile: DockerfileView | undefined): Finding {
  const join = dockerfile === undefined ? undefined : joinFix(view, dockerfile, merge);
  const layers = layersOf(merge);
  const dead = merge.deadBytes >= WARNING_FLOOR;
  const gained = [
    dead ? `${formatBytes(merge.deadBytes)} smaller` : undefined,
    `${layers.length - 1} ${layers.length === 2 ? "layer" : "layers"} fewer`,
  ].filter((part) => part !== undefined);
  const how = dead
    ? "Removing the dead files in the instructions that add them saves the same bytes and keeps the layers shared. Otherwise join these instructions."
    : "Join instructions that change together anyway: several COPY into one, several RUN into one.";
  return {
    message: `${rangeName(view, merge)} as one layer would be ${formatList(gained)}`,
    advice: `${how} ${lost(view, merge)}`,
    ...(dead ? { bytes: merge.deadBytes } : {}),
    evidence: evidenceOf(view, layers),
    severity: "info",
    locations: layers.map((layer, at) => ({ layer, label: at === 0 ? "first of them" : "and this one" })),
    fixes: [...(join === undefined ? [] : [join]), ...squash(view, merge)],
  };
}

/** `lines 7 to 12 (4 layers)`, or `layers 3 to 6`. */
function rangeName(view: ImageView, { first, last }: Merge): string {
  const [from, to] = [first, last].map((layer) => /^line (\d+)$/.exec(layerName(view, layer))?.[1]);
  if (from === undefined || to === undefined) return `layers ${first} to ${last}`;
  return `lines ${from} to ${to} (${last - first + 1} layers)`;
}

/** What a change of the last layer alone sends, as one layer and apart. */
function lost(view: ImageView, { first, last, deadBytes, compressedBytes }: Merge): string {
  // content bytes, which are the same in whatever form the image comes
  const others = view.image.layers.slice(first, last).reduce((sum, layer) => sum + contentOf(layer), 0);
  if (others - deadBytes < TINY) return "Almost no sharing is lost.";
  const alone = view.image.layers[last]?.compressedBytes ?? 0;
  return `The cost: a change to ${layerName(view, last)} alone then transfers ${formatBytes(compressedBytes)} again instead of ${formatBytes(alone)}.`;
}

function contentOf({ entries }: Layer): number {
  return entries.reduce((sum, { kind, size }) => (kind === "file" ? sum + size : sum), 0);
}

/** The history says which layer is whose, so that it can say that one is gone. */
function isCounted({ image: { config, layers } }: ImageView): boolean {
  return (
    config.history === undefined ||
    config.history.filter(({ emptyLayer }) => !emptyLayer).length === layers.length
  );
}

function squash(view: ImageView, { first, last }: Merge): Fix[] {
  if (!layersOf({ first, last }).every((layer) => isRewritable(view, layer)) || !isCounted(view)) return [];
  return [
    {
      description: `merge layers ${first} to ${last} of the built image into one`,
      safety: "unsafe",
      condition: "no earlier release shares the merged layer",
      operation: "squash",
      squashes: { first, last },
    },
  ];
}
