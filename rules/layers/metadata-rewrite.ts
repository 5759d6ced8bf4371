import {
  groupByPair,
  inodesOf,
  joinByCause,
  narrow,
  newCopies,
  sourcesOf,
  type DeadFileGroup,
} from "../../src/analysis/dead-files.ts";
import { madeBy } from "../../src/analysis/made-by.ts";
import { changeOf, target, timeOnly, type Change } from "../../src/analysis/ownership/attribute-changes.ts";
import { isUserFile } from "../../src/analysis/ownership/files-below.ts";
import { databaseOf } from "../../src/analysis/packages/databases.ts";
import { upgradedFiles } from "../../src/analysis/packages/upgraded-files.ts";
import { ownershipFixes, type OwnershipFix } from "../../src/edits/copy-ownership.ts";
import { count, formatList } from "../../src/format.ts";
import { defineRule, type DeadFile, type Finding, type ImageView } from "../../src/rule/contract.ts";
import { dropDead, howMuch, severityOf, them } from "../../src/rule/findings/dead-file-words.ts";
import { evidenceOf, layerName, layerNames } from "../../src/rule/findings/layer-names.ts";
import { groupRows, inWords } from "../../src/rule/findings/path-rows.ts";
import { editsFor, flagsBy, predictedChanges, setIn } from "../../src/rule/findings/predicted-ownership.ts";

export const metadataRewrite = defineRule({
  id: "metadata-rewrite",
  aliases: ["chown-after-copy"],
  category: "size",
  severity: "warning",
  reads: "either",
  docs: {
    summary:
      "Changing only the mode, owner or time of a file in a later instruction stores the whole file again",
    what: `From the layers: every regular file that a later layer stores again with the same content, but another mode, owner, extended attribute or time. There is one finding for each instruction that changes files, which names the attributes and the instructions that added the files. Files with nothing but another time are reported separately.

For files that a layer above the base image added, the bytes are those of the old copies. For files of the base image they are those of the *new* copies: the base stays as it is, and without the change the new layer would not contain them. Less than 100 kB is \`info\`.

From the Dockerfile: \`chown\`, \`chgrp\` or \`chmod\` in a RUN that certainly runs, on a path that an earlier COPY or ADD of the image added. Without \`-R\` it is \`info\`, because only the layers show how large the file is. With an image whose history matches, only instructions whose layer is unknown are predicted; the layers decide about all others.`,
    why: "A layer stores whole files, not differences: `chown -R` over 200 MB makes a layer of 200 MB.",
    bad: [
      {
        title: "chown after COPY stores every file a second time",
        dockerfile: "FROM node:22\nCOPY . /app\nRUN chown -R 1000:1000 /app\n",
        layers: [
          "app/ app/server.js(1500000,code,0644)",
          "app/[uid=1000,gid=1000] app/server.js(1500000,code,mode=0644,uid=1000,gid=1000)",
        ],
      },
      {
        title: "chmod of a copied file, predicted from the Dockerfile alone",
        dockerfile:
          "FROM debian:12\nCOPY backup.sh /usr/local/bin/\nRUN chmod 755 /usr/local/bin/backup.sh\n",
      },
    ],
    good: [
      {
        title: "COPY sets the owner itself",
        dockerfile: "FROM node:22\nCOPY --chown=1000:1000 . /app\n",
        layers: ["app/ app/server.js(1500000,code,mode=0644,uid=1000,gid=1000)"],
      },
      {
        title: "chmod in the RUN that creates the file",
        dockerfile:
          "FROM debian:12\nRUN curl -o /usr/bin/tool https://example.com/tool && chmod 755 /usr/bin/tool\n",
        layers: ["usr/ usr/bin/ usr/bin/tool(1500000,tool,0755)"],
      },
    ],
    fix: `In the Dockerfile: replaces the command by \`COPY --chown\` or \`--chmod\`, and removes the RUN if nothing else is left in it. Safe if the RUN names exactly what the COPY added and nothing in between accesses it: a single file, or with \`-R\` a folder that did not exist before (which usually only the layers show). Ids must be numeric, or names that already exist. Modes must be octal, or symbolic for a file with \`# syntax=docker/dockerfile:1.14\` or newer. No file may have a set-user-ID or set-group-ID bit, by the layers or the build context, and every builder that may be used must do the same with the flag: \`--builder buildkit\` makes \`--chmod\` of a file safe. Otherwise unsafe, with the condition that is not met. There is no fix if the user or group is created, or may be, between the COPY and the command: builders reject such a name, or take it for root.

In the image: rewriting it drops the old copies of every layer above the base. Safe: containers see the same file system. Copies of base image files can only be avoided in the Dockerfile.`,
  },
  wantsContent: isUserFile,
  *check({ image, build }) {
    const plans = build === undefined ? [] : ownershipFixes(build);
    if (image !== undefined) yield* proven(image, plans);
    if (build !== undefined) yield* predictedChanges(build, plans);
  },
});

function* proven(image: ImageView, plans: readonly OwnershipFix[]): Iterable<Finding> {
  // an upgrade is one finding of its own rule, whatever it changes of a file
  const upgraded = upgradedFiles(image);
  for (const all of joinByCause(groupByPair(image, ["metadata-only"]))) {
    const group = narrow(
      all,
      all.deadFiles.filter((deadFile) => !upgraded.has(deadFile)),
    );
    const changes = new Map(group.deadFiles.map((deadFile) => [deadFile, changeOf(deadFile)]));
    const times = (deadFile: DeadFile) => timeOnly(changes.get(deadFile) ?? changeOf(deadFile));
    const named = narrow(
      group,
      group.deadFiles.filter((deadFile) => !times(deadFile)),
    );
    const timed = narrow(group, group.deadFiles.filter(times));
    yield* attributeFinding(
      image,
      named,
      named.deadFiles.map((deadFile) => changes.get(deadFile) ?? changeOf(deadFile)),
      plans,
    );
    yield* timeFinding(image, timed);
  }
}

function* attributeFinding(
  view: ImageView,
  group: DeadFileGroup,
  changes: readonly Change[],
  plans: readonly OwnershipFix[],
): Iterable<Finding> {
  const { hiddenIn, addedIn, deadFiles, bytes } = group;
  if (bytes === 0) return;
  const what = `${layerName(view, hiddenIn)} changes only ${describe(changes)} of ${howMuch(bytes, deadFiles.length)}`;
  const rows = groupRows(deadFiles);
  const isOne = deadFiles.length === 1;
  const words =
    addedIn === "base"
      ? `${what} of the base image${inWords(rows)}, and so stores ${isOne ? "a new copy of it" : "new copies of them"}`
      : `${what} that ${layerNames(view, sourcesOf(group))} added${inWords(rows)}: ${isOne ? "it" : "each"} is stored twice`;
  const { fixes = [], ...shared } = common(view, group, "changed here");
  const sources = new Map<number, number>();
  for (const { addedIn: layer, bytes: one } of addedIn === "base" ? [] : deadFiles)
    sources.set(layer, (sources.get(layer) ?? 0) + one);
  const changed = { sources, hiddenIn };
  const all = [...editsFor(view, changed, plans), ...fixes];
  yield {
    ...shared,
    message: words,
    advice: advice(view, group, changes, flagsBy(view, changed, plans)),
    ...(all.length === 0 ? {} : { fixes: all }),
  };
}

function* timeFinding(view: ImageView, group: DeadFileGroup): Iterable<Finding> {
  const { hiddenIn, addedIn, deadFiles, bytes } = group;
  if (bytes === 0) return;
  const owner =
    addedIn === "base" ? "the base image already has" : `${layerNames(view, sourcesOf(group))} added`;
  yield {
    ...common(view, group, "written again here"),
    message: `${layerName(view, hiddenIn)} writes ${howMuch(bytes, deadFiles.length)} again that ${owner}${inWords(groupRows(deadFiles))}: same content, only the time differs`,
    advice: timeAdvice(view, group),
  };
}

function timeAdvice(view: ImageView, { addedIn, hiddenIn, deadFiles }: DeadFileGroup): string {
  if (deadFiles.every(({ path, bytes }) => bytes === 0 || databaseOf(path) !== undefined)) {
    return "This is how package managers work. Only fewer instructions that install something avoid it: join those that change together anyway.";
  }
  const isRun = madeBy(view, hiddenIn) === "RUN";
  if (isRun && addedIn === "base") {
    return "Do not copy or unpack files again that the base contains.";
  }
  return isRun
    ? "Do not touch, copy or rebuild files that an earlier instruction already created, or let only this instruction create them."
    : `Copy ${deadFiles.length === 1 ? "this file" : "these files"} once: leave ${them(deadFiles.length)} out of one of the two instructions.`;
}

/** What both kinds of finding share. */
function common(view: ImageView, group: DeadFileGroup, label: string): Omit<Finding, "message" | "advice"> {
  const { addedIn, hiddenIn, deadFiles, bytes } = group;
  const rows = groupRows(deadFiles);
  const path = rows.paths[0]?.path;
  const here = { layer: hiddenIn, path, label };
  const shared = { bytes, ...severityOf(bytes), ...rows };
  if (addedIn === "base") {
    const evidence = evidenceOf(view, [hiddenIn]);
    return { ...shared, inodes: newCopies(deadFiles), evidence, locations: [here] };
  }
  const sources = sourcesOf(group);
  const firstOf = new Map(deadFiles.toReversed().map((deadFile) => [deadFile.addedIn, deadFile.path]));
  return {
    ...shared,
    inodes: inodesOf(deadFiles),
    evidence: evidenceOf(view, [...sources, hiddenIn]),
    locations: [
      here,
      ...sources.map((layer) => ({
        layer,
        path: sources.length === 1 ? path : firstOf.get(layer),
        label: "added here",
        // of several instructions, a comment applies only to its own
        ...(sources.length === 1 ? { silences: true as const } : {}),
      })),
    ],
    ...dropDead(view, deadFiles),
  };
}

function advice(
  view: ImageView,
  group: DeadFileGroup,
  changes: readonly Change[],
  planned: string | undefined,
): string {
  const { addedIn, hiddenIn } = group;
  const remover = layerName(view, hiddenIn);
  if (addedIn === "base") {
    return `Change only the files that need it in ${remover}, or run as a user who may read them as they are: the base image cannot be changed, so every touched file is copied.`;
  }
  const sources = sourcesOf(group);
  const adder = layerNames(view, sources);
  const made = new Set(sources.map((layer) => madeBy(view, layer)));
  const kind = made.size === 1 ? [...made][0] : undefined;
  const flags = planned ?? flagsFor(changes);
  if ((kind === "COPY" || kind === "ADD") && flags !== undefined) {
    return setIn(adder, `${kind} ${flags}`, view.origins.builder);
  }
  if (flags === undefined && (kind === "COPY" || kind === "ADD")) {
    return `Set extended attributes (setcap, setfattr) in an earlier stage, and COPY --from it: a copy keeps them.`;
  }
  if (kind === "RUN") return `Do this in the RUN that creates the files (${adder}).`;
  return `Set mode and owner in the instruction that creates the files (${adder}): COPY --chown, COPY --chmod, or chown and chmod in the same RUN.`;
}

/** The COPY flags that make the change unnecessary; undefined when only extended attributes changed. */
function flagsFor(changes: readonly Change[]): string | undefined {
  const flags: string[] = [];
  if (changes.some((change) => change.owner !== undefined)) {
    flags.push(`--chown=${target(changes, "owner") ?? "USER:GROUP"}`);
  }
  if (changes.some((change) => change.mode !== undefined)) {
    flags.push(`--chmod=${target(changes, "mode") ?? "MODE"}`);
  }
  return flags.length === 0 ? undefined : flags.join(" ");
}

/** `the mode (0644→0755) and the owner (0:0→1000:1000)`; several kinds of one attribute are counted. */
function describe(changes: readonly Change[]): string {
  const modes = kinds(changes.map((change) => change.mode));
  const owners = kinds(changes.map((change) => change.owner));
  const parts = [
    modes.length === 0 ? undefined : `the mode (${few(modes)})`,
    owners.length === 0 ? undefined : `the owner (${few(owners)})`,
    changes.some((change) => change.xattrs) ? "extended attributes" : undefined,
  ];
  return formatList(parts.filter((part) => part !== undefined));
}

/** Distinct values, most frequent first. */
function kinds(values: readonly (string | undefined)[]): string[] {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([value]) => value);
}

function few(values: readonly string[]): string {
  const shown = values.slice(0, 2).join(", ");
  return values.length <= 2 ? shown : `${shown} and ${count(values.length - 2, "other change")}`;
}
