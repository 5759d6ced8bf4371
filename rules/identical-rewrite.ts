import { defineRule, formatBytes, type Finding, type Fix, type ImageView } from "../src/engine/contract.ts";
import {
  dropDead,
  groupByPair,
  howMuch,
  inodesOf,
  isRewritable,
  newCopies,
  severityOf,
  them,
  type DeathGroup,
} from "./layers/deaths.ts";
import { evidenceOf, layerName, madeBy } from "./layers/naming.ts";
import { groupRows, inWords } from "./layers/rows.ts";

export const identicalRewrite = defineRule({
  id: "identical-rewrite",
  aliases: [],
  category: "size",
  severity: "warning",
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
    if (image === undefined) return;
    for (const group of groupByPair(image, ["identical"])) {
      if (group.bytes > 0) yield toFinding(image, group, options["warn-from"]);
    }
  },
});

function toFinding(view: ImageView, group: DeathGroup, floor: number): Finding {
  const { addedIn, killedIn, deaths, bytes } = group;
  const rows = groupRows(deaths);
  const path = rows.paths[0]?.path;
  const base = addedIn === "base";
  const killer = layerName(view, killedIn);
  const from = base ? "the base image already has" : `${layerName(view, addedIn)} already added`;
  const here = { layer: killedIn, path, label: "stored again here" };
  return {
    message: `${killer} stores ${howMuch(bytes, deaths.length)} again that ${from}${inWords(rows)}: nothing about ${them(deaths.length)} changed`,
    advice:
      madeBy(view, killedIn) === "RUN"
        ? "Do not rewrite files that already exist: a RUN that replaces files by identical ones stores them a second time."
        : `Leave ${them(deaths.length)} out of ${killer}: a narrower source, COPY --exclude, or .dockerignore if nothing else needs ${them(deaths.length)}.`,
    bytes,
    inodes: base ? newCopies(deaths) : inodesOf(deaths),
    evidence: evidenceOf(view, base ? [killedIn] : [addedIn, killedIn]),
    ...severityOf(bytes, floor),
    places: base ? [here] : [here, { layer: addedIn, path, label: "added here" }],
    ...rows,
    ...fixesOf(view, group),
  };
}

function fixesOf(view: ImageView, { deaths, killedIn }: DeathGroup): { readonly fixes?: readonly Fix[] } {
  const dead = dropDead(view, deaths);
  if (dead.fixes !== undefined || !isRewritable(view, killedIn)) return dead;
  const bytes = newCopies(deaths).reduce((sum, { entry }) => sum + entry.size, 0);
  if (bytes === 0) return {};
  const description = `rewrite the image without the second copies: ${formatBytes(bytes)} less, the same file system`;
  return { fixes: [{ description, safety: "safe", operation: "drop-identical" }] };
}
