import { inodesOf } from "../../src/analysis/dead-files.ts";
import {
  defineRule,
  formatBytes,
  formatNumber,
  rootPath,
  showPath,
  type DeadFile,
  type Finding,
  type ImageView,
  type LiveFile,
} from "../../src/rule/contract.ts";
import { evidenceOf, layerName } from "../../src/rule/findings/layer-names.ts";

/** Files below this size are alike by chance too often: licences, empty modules, one-line settings. */
const SMALLEST = 4096;

export const movedLater = defineRule({
  id: "moved-later",
  aliases: [],
  category: "size",
  severity: "info",
  reads: "image",
  docs: {
    summary: "A file that a later instruction moves or copies elsewhere is stored once for each path",
    what: "From the layers: a dead file whose content is alive under another path, in a layer above the one that added it. This is not a finding of its own but a note on the finding that names the dead file: write the file to its final path in the first place. Files below 4 kB are not compared.",
    why: "`mv` across instructions is a copy and a deletion: the layer of the first path keeps the bytes, and the layer of the second path stores them again.",
    bad: [
      {
        title: "A binary is copied to /tmp and moved to its place by a later RUN",
        dockerfile: "FROM debian:12\nCOPY server /tmp/server\nRUN mv /tmp/server /usr/local/bin/server\n",
        layers: [
          "tmp/ tmp/server(900000,binary)",
          "tmp/ tmp/.wh.server usr/ usr/local/ usr/local/bin/ usr/local/bin/server(900000,binary)",
        ],
      },
    ],
    good: [
      {
        title: "The binary is copied to its final path",
        dockerfile: "FROM debian:12\nCOPY server /usr/local/bin/server\n",
        layers: ["usr/ usr/local/ usr/local/bin/ usr/local/bin/server(900000,binary)"],
      },
    ],
    fix: "None of its own: see the finding that it annotates.",
  },
  *check({ image }) {
    const bySum = liveBySum(image);
    if (bySum.size === 0) return;
    const pairs = new Map<string, { deadFiles: DeadFile[]; to: LiveFile[] }>();
    for (const deadFile of image.rootfs.deadFiles) {
      const to = successor(deadFile, bySum);
      if (to === undefined) continue;
      const key = `${deadFile.addedIn} ${deadFile.hiddenIn}`;
      const pair = pairs.get(key) ?? { deadFiles: [], to: [] };
      pair.deadFiles.push(deadFile);
      pair.to.push(to);
      pairs.set(key, pair);
    }
    for (const { deadFiles, to } of pairs.values()) yield annotation(image, deadFiles, to);
  },
});

function annotation(view: ImageView, deadFiles: readonly DeadFile[], to: readonly LiveFile[]): Finding {
  const largest = deadFiles.reduce(
    (most, deadFile, at) => (deadFile.bytes > (deadFiles[most]?.bytes ?? -1) ? at : most),
    0,
  );
  const [deadFile, live] = [deadFiles[largest], to[largest]];
  const bytes = deadFiles.reduce((sum, { bytes: one }) => sum + one, 0);
  const more =
    deadFiles.length === 1
      ? ""
      : ` (and ${formatNumber(deadFiles.length - 1)} more ${deadFiles.length === 2 ? "file" : "files"} likewise)`;
  const layer = live?.layer ?? 0;
  return {
    annotates: true,
    message: `${formatBytes(bytes)} of it was only moved: ${showPath(deadFile?.path ?? rootPath)} has the same content as ${showPath(live?.paths[0] ?? rootPath)} from ${layerName(view, layer)}${more}; write it to its final path right away`,
    advice: "Write the file to its final path in the instruction that creates it.",
    bytes,
    inodes: inodesOf(deadFiles),
    evidence: evidenceOf(view, [layer]),
    locations: [{ layer, path: live?.paths[0], label: "still present here" }],
  };
}

/** The live files by content and layer. */
type LiveBySum = ReadonlyMap<string, ReadonlyMap<number, readonly LiveFile[]>>;

function liveBySum({ rootfs }: ImageView): LiveBySum {
  const bySum = new Map<string, Map<number, LiveFile[]>>();
  for (const file of rootfs.live) {
    const sum = file.entry.sha256;
    if (sum === undefined || file.entry.size < SMALLEST) continue;
    const layers = bySum.get(sum) ?? new Map<number, LiveFile[]>();
    bySum.set(sum, layers);
    const files = layers.get(file.layer);
    if (files === undefined) layers.set(file.layer, [file]);
    else files.push(file);
  }
  return bySum;
}

/**
 * The live file that has the content of a dead one, under another name and from a later layer, up to the one that hides
 * it: what comes after that is another copy.
 */
function successor(
  { entry, path, addedIn, hiddenIn, cause, bytes }: DeadFile,
  bySum: LiveBySum,
): LiveFile | undefined {
  if (entry.sha256 === undefined || bytes < SMALLEST || cause === "metadata-only" || cause === "identical") {
    return undefined;
  }
  const layers = bySum.get(entry.sha256);
  if (layers === undefined) return undefined;
  for (let layer = hiddenIn; layer > addedIn; layer--) {
    const found = layers.get(layer)?.find((file) => file.entry.size === bytes && !file.paths.includes(path));
    if (found !== undefined) return found;
  }
  return undefined;
}
