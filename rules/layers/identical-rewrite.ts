import {
  groupByPair,
  inodesOf,
  narrow,
  newCopies,
  type DeadFileGroup,
} from "../../src/analysis/dead-files.ts";
import { madeBy } from "../../src/analysis/made-by.ts";
import { upgradedFiles } from "../../src/analysis/packages/upgraded-files.ts";
import { isRewritable } from "../../src/analysis/rewritable-layers.ts";
import { defineRule, formatBytes, type Finding, type Fix, type ImageView } from "../../src/rule/contract.ts";
import { dropDead, howMuch, severityOf, them } from "../../src/rule/findings/dead-file-words.ts";
import { evidenceOf, layerName } from "../../src/rule/findings/layer-names.ts";
import { groupRows, inWords } from "../../src/rule/findings/path-rows.ts";

export const identicalRewrite = defineRule({
  id: "identical-rewrite",
  aliases: [],
  category: "size",
  severity: "warning",
  reads: "image",
  docs: {
    summary:
      "A later instruction stores files again that are already there, with identical content and attributes",
    what: `From the layers: every regular file that a later layer stores again with the same content, mode, owner, extended attributes and time. There is one finding for each pair of instructions. For files of the base image, the bytes are those of the new copies, because only these can be avoided.

Less than 1 MB is \`info\`: a manifest that is copied first for the build cache, and again with everything else, is fine.`,
    why: "The second copy changes nothing, but is stored and transferred all the same.",
    bad: [
      {
        title: "The same folder is copied twice",
        dockerfile: "FROM python:3.13\nCOPY models /app/models\nCOPY . /app\n",
        layers: [
          "app/ app/models/ app/models/net.bin(2500000,net)",
          "app/ app/main.py(900) app/models/ app/models/net.bin(2500000,net)",
        ],
      },
    ],
    good: [
      {
        title: "The second COPY omits what is already there",
        dockerfile: "FROM python:3.13\nCOPY models /app/models\nCOPY main.py /app/\n",
        layers: ["app/ app/models/ app/models/net.bin(2500000,net)", "app/ app/main.py(900)"],
      },
    ],
    fix: "Rewriting the image drops one of the two copies: the older one if its layer is above the base, otherwise the newer one. Safe: both are identical.",
  },
  options: {
    // higher than for other waste: copying the package manifest first and the whole context later is what the builders'
    // own guides teach, for the build cache's sake
    "warn-from": {
      type: "size",
      default: 1_000_000,
      summary: "below this the finding is `info`",
    },
  },
  *check({ image }, options) {
    // an upgrade is one finding of its own rule, whatever it changes of a file
    const upgraded = upgradedFiles(image);
    for (const all of groupByPair(image, ["identical"])) {
      const group = narrow(
        all,
        all.deadFiles.filter((deadFile) => !upgraded.has(deadFile)),
      );
      if (group.bytes > 0) yield toFinding(image, group, options["warn-from"]);
    }
  },
});

function toFinding(view: ImageView, group: DeadFileGroup, floor: number): Finding {
  const { addedIn, hiddenIn, deadFiles, bytes } = group;
  const rows = groupRows(deadFiles);
  const path = rows.paths[0]?.path;
  const base = addedIn === "base";
  const remover = layerName(view, hiddenIn);
  const from = base ? "the base image already has" : `${layerName(view, addedIn)} already added`;
  const here = { layer: hiddenIn, path, label: "stored again here" };
  return {
    message: `${remover} stores ${howMuch(bytes, deadFiles.length)} again that ${from}${inWords(rows)}: nothing about ${them(deadFiles.length)} changed`,
    advice:
      madeBy(view, hiddenIn) === "RUN"
        ? "Do not rewrite files that already exist: a RUN that replaces files by identical ones stores them a second time."
        : `Leave ${them(deadFiles.length)} out of ${remover}: a narrower source, COPY --exclude, or .dockerignore if nothing else needs ${them(deadFiles.length)}.`,
    bytes,
    inodes: base ? newCopies(deadFiles) : inodesOf(deadFiles),
    evidence: evidenceOf(view, base ? [hiddenIn] : [addedIn, hiddenIn]),
    ...severityOf(bytes, floor),
    locations: base ? [here] : [here, { layer: addedIn, path, label: "added here" }],
    ...rows,
    ...fixesOf(view, group),
  };
}

function fixesOf(
  view: ImageView,
  { deadFiles, hiddenIn }: DeadFileGroup,
): { readonly fixes?: readonly Fix[] } {
  const dead = dropDead(view, deadFiles);
  if (dead.fixes !== undefined || !isRewritable(view, hiddenIn)) return dead;
  const bytes = newCopies(deadFiles).reduce((sum, { entry }) => sum + entry.size, 0);
  if (bytes === 0) return {};
  const description = `rewrite the image without the second copies: ${formatBytes(bytes)} less, the same file system`;
  return { fixes: [{ description, safety: "safe", operation: "drop-identical" }] };
}
