import { groupByPair, inodesOf, narrow, type DeadFileGroup } from "../../src/analysis/dead-files.ts";
import { madeBy } from "../../src/analysis/made-by.ts";
import { databaseOf } from "../../src/analysis/packages/databases.ts";
import { upgradedFiles } from "../../src/analysis/packages/upgraded-files.ts";
import { defineRule, type DeadFile, type Finding, type ImageView } from "../../src/rule/contract.ts";
import { dropDead, howMuch, severityOf } from "../../src/rule/findings/dead-file-words.ts";
import { evidenceOf, layerName, layerNames } from "../../src/rule/findings/layer-names.ts";
import { groupRows, inWords } from "../../src/rule/findings/path-rows.ts";

export const rewrittenLater = defineRule({
  id: "rewritten-later",
  aliases: [],
  category: "size",
  severity: "warning",
  reads: "image",
  docs: {
    summary: "Files that a later instruction writes again with other content are stored twice",
    what: `From the layers: every regular file that a layer above the base image adds and that a later layer replaces by a file with other content. There is one finding for each pair of instructions. The bytes are those of the old copies, which no container can see.

Databases that package managers rewrite with every operation (dpkg, rpm, apk, pacman, the linker cache, their logs) are reported separately, as one \`info\` line in total, because only joining the instructions avoids them. Files of the base image that your instructions overwrite are \`info\`: the old copies stay in the base whatever you do. Less than 100 kB is \`info\` too.`,
    why: "A layer stores whole files. Changing one byte of a file in a later instruction stores and transfers the whole file again, and the old copy stays in its layer.",
    bad: [
      {
        title: "A bundle is built twice, the second time over the first",
        dockerfile:
          "FROM node:22\nCOPY . /app\nRUN npm run build --prefix /app\nRUN npm run minify --prefix /app\n",
        layers: ["app/ app/package.json(900)", "app/ app/bundle.js(3400000)", "app/ app/bundle.js(1200000)"],
      },
    ],
    good: [
      {
        title: "One instruction writes the file in its final form",
        dockerfile:
          "FROM node:22\nCOPY . /app\nRUN npm run build --prefix /app && npm run minify --prefix /app\n",
        layers: ["app/ app/package.json(900)", "app/ app/bundle.js(1200000)"],
      },
    ],
    fix: "Rewriting the image drops the old copies of every layer above the base. Safe: containers see the same file system.",
  },
  *check({ image }) {
    const databases: DeadFile[] = [];
    // an upgrade is one finding of its own rule, whatever it changes of a file
    const upgraded = upgradedFiles(image);
    for (const group of groupByPair(image, ["overwritten"])) {
      const own: DeadFile[] = [];
      for (const deadFile of group.deadFiles) {
        if (upgraded.has(deadFile)) continue;
        (databaseOf(deadFile.path) === undefined ? own : databases).push(deadFile);
      }
      const rest = narrow(group, own);
      if (rest.bytes === 0) continue;
      yield rest.addedIn === "base" ? baseFinding(image, rest) : pairFinding(image, rest, rest.addedIn);
    }
    yield* inherent(image, databases);
  },
});

function pairFinding(view: ImageView, group: DeadFileGroup, addedIn: number): Finding {
  const { deadFiles, bytes, hiddenIn } = group;
  const rows = groupRows(deadFiles);
  const path = rows.paths[0]?.path;
  return {
    message: `${layerName(view, hiddenIn)} overwrites ${howMuch(bytes, deadFiles.length)} that ${layerName(view, addedIn)} added${inWords(rows)}`,
    advice: advice(view, addedIn, hiddenIn),
    bytes,
    inodes: inodesOf(deadFiles),
    evidence: evidenceOf(view, [addedIn, hiddenIn]),
    ...severityOf(bytes),
    locations: [
      { layer: hiddenIn, path, label: "overwritten here" },
      { layer: addedIn, path, label: "added here" },
    ],
    ...rows,
    ...dropDead(view, deadFiles),
  };
}

function advice(view: ImageView, addedIn: number, hiddenIn: number): string {
  const [adder, remover] = [madeBy(view, addedIn), madeBy(view, hiddenIn)];
  const [first, second] = [layerName(view, addedIn), layerName(view, hiddenIn)];
  if (adder === "RUN" && remover === "RUN") {
    return `Write each file once: change it in the RUN that creates it (${first}), or join the two RUNs.`;
  }
  if (remover === "RUN" && (adder === "COPY" || adder === "ADD")) {
    return `Copy the files in their final form, or let ${second} make them from a bind mount (RUN --mount=type=bind) so that only the result is stored.`;
  }
  if (remover === "COPY" || remover === "ADD") {
    return `Omit from ${first} what ${second} adds anyway (.dockerignore, or a narrower source).`;
  }
  return "Write each file once, in its final form: a layer stores whole files, however small the change.";
}

function baseFinding(view: ImageView, group: DeadFileGroup): Finding {
  const { deadFiles, bytes, hiddenIn } = group;
  const rows = groupRows(deadFiles);
  const path = rows.paths[0]?.path;
  return {
    message: `${layerName(view, hiddenIn)} overwrites ${howMuch(bytes, deadFiles.length)} of the base image${inWords(rows)}: the base keeps the old copies`,
    advice:
      "If only size matters, leave the files as they are: no edit of this Dockerfile removes the old copies.",
    bytes,
    inodes: inodesOf(deadFiles),
    evidence: evidenceOf(view, [hiddenIn]),
    severity: "info",
    locations: [{ layer: hiddenIn, path, label: "overwritten here" }],
    ...rows,
    ...dropDead(view, deadFiles),
  };
}

/** Package databases, over all layers above the base: one line. */
function* inherent(view: ImageView, deadFiles: readonly DeadFile[]): Iterable<Finding> {
  const bytes = deadFiles.reduce((sum, deadFile) => sum + deadFile.bytes, 0);
  if (bytes === 0) return;
  const killers = [...new Set(deadFiles.map((deadFile) => deadFile.hiddenIn))].toSorted((a, b) => a - b);
  const rows = groupRows(deadFiles);
  yield {
    message: `${layerNames(view, killers)} ${killers.length === 1 ? "writes" : "each write"} package databases again: ${howMuch(bytes, deadFiles.length)} of old copies stay${inWords(rows)}`,
    advice:
      "This is how package managers work. Only fewer instructions that install something avoid it: join those that change together anyway.",
    bytes,
    inodes: inodesOf(deadFiles),
    evidence: evidenceOf(view, killers),
    severity: "info",
    locations: killers.map((layer) => ({ layer, label: "written again here" })),
    ...rows,
    ...dropDead(view, deadFiles),
  };
}
