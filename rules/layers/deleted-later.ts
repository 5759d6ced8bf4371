import { cacheAliases } from "../../src/analysis/caches/cache-folders.ts";
import { groupByPair, inodesOf, type DeadFileGroup } from "../../src/analysis/dead-files.ts";
import { defined } from "../../src/defined.ts";
import { provenFix } from "../../src/edits/proven-removal.ts";
import {
  count,
  defineRule,
  formatBytes,
  type DeadFile,
  type Finding,
  type ImageView,
  type BuildSubject,
} from "../../src/rule/contract.ts";
import { dropDead, howMuch, severityOf } from "../../src/rule/findings/dead-file-words.ts";
import { deletionAdvice } from "../../src/rule/findings/deletion-advice.ts";
import { evidenceOf, layerName } from "../../src/rule/findings/layer-names.ts";
import { groupRows, inWords } from "../../src/rule/findings/path-rows.ts";
import { predictedDeletions, removedCauses } from "../../src/rule/findings/predicted-deletions.ts";

export const deletedLater = defineRule({
  id: "deleted-later",
  aliases: ["download-then-delete"],
  category: "size",
  severity: "warning",
  reads: "either",
  docs: {
    summary: "Files that one instruction adds and a later one deletes, hides or replaces stay in the image",
    what: `From the layers: every regular file that a layer above the base image adds and that a later layer deletes (a whiteout), hides (an opaque directory) or replaces by another type of file. There is one finding for each pair of instructions; its paths are grouped by the topmost directory that was removed completely.

From the Dockerfile: an \`rm\` or \`mv\` of a literal path that certainly runs, in another instruction than the COPY, ADD, \`curl\`, \`wget\`, \`git clone\` or package manager that certainly created the path. For the cache of a package manager, its own cleanup command (\`dnf clean all\`, \`npm cache clean\`) counts as well. Conditions, unknown variables, mounts over the path and volumes suppress the finding. With an image whose history matches, only instructions whose layer is unknown are predicted; the layers decide about all others.

Files of the base image that your instructions delete are \`info\`: the deletion saves nothing, and no edit of this Dockerfile can. Files that base image layers delete from each other are one \`info\` line in total. Less than 100 kB is \`info\` too.`,
    why: "A layer is never changed by the layers above it. Deleting a file in a later instruction hides it from containers, but everybody still downloads and stores its bytes, and can still read them.",
    bad: [
      {
        title: "The package lists are deleted one instruction too late",
        dockerfile:
          "FROM debian:12\nRUN apt-get update && apt-get install -y curl\nRUN rm -rf /var/lib/apt/lists/*\n",
        layers: [
          "usr/ usr/bin/ usr/bin/curl(250000) var/ var/lib/ var/lib/apt/ var/lib/apt/lists/ var/lib/apt/lists/main_Packages(4500000)",
          "var/ var/lib/ var/lib/apt/ var/lib/apt/lists/ var/lib/apt/lists/.wh.main_Packages",
        ],
      },
      {
        title: "A copied archive is unpacked and deleted, but its bytes stay in the COPY layer",
        dockerfile:
          "FROM debian:12\nCOPY app.tar.gz /tmp/\nRUN tar -xzf /tmp/app.tar.gz -C /opt && rm /tmp/app.tar.gz\n",
        layers: ["tmp/ tmp/app.tar.gz(800000)", "opt/ opt/app(2000000) tmp/ tmp/.wh.app.tar.gz"],
      },
    ],
    good: [
      {
        title: "The same RUN deletes what is no longer needed",
        dockerfile:
          "FROM debian:12\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n",
        layers: ["usr/ usr/bin/ usr/bin/curl(250000) var/ var/lib/ var/lib/apt/ var/lib/apt/lists/"],
      },
      {
        title: "The archive is mounted for one RUN and never enters a layer",
        dockerfile:
          "FROM debian:12\nRUN --mount=type=bind,source=app.tar.gz,target=/tmp/app.tar.gz tar -xzf /tmp/app.tar.gz -C /opt\n",
        layers: ["opt/ opt/app(2000000)"],
      },
    ],
    fix: `Moves the \`rm\` to the end of the RUN that created the files, and removes its own RUN if nothing else is left in it. Safe if all of this holds: both are RUNs of one stage; the path is literal (or the whole cache of a package manager, \`/var/lib/apt/lists/*\`) and absolute, or relative to the same WORKDIR; nothing in between can access it; the user is the same or root; mounts, network and security are the same; and appending and removing change nothing else. With an image, the layers must agree: a whiteout of exactly that path, and no file of the base image. Otherwise unsafe, with the condition that is not met.

If an instruction in between needs the files, neighbouring RUNs are joined (unsafe: this makes the build cache coarser). A file that a COPY adds for a single RUN becomes a bind mount of that RUN (unsafe).

Rewriting the built image drops the dead files of every layer above the base. That is safe, because containers see the same file system, but the next build produces the same waste again.`,
  },
  *check({ image, build }) {
    if (image !== undefined) {
      for (const group of groupByPair(image, removedCauses)) {
        if (group.bytes === 0) continue;
        if (group.addedIn === "base") yield baseFinding(image, group);
        else yield withEdit(pairFinding(image, group, group.addedIn), build, group, group.addedIn);
      }
      yield* insideBase(image);
    }
    if (build !== undefined) yield* predictedDeletions(build);
  },
});

function pairFinding(view: ImageView, group: DeadFileGroup, addedIn: number): Finding {
  const { deadFiles, bytes, hiddenIn } = group;
  const rows = groupRows(deadFiles);
  const verb = verbOf(deadFiles);
  const path = rows.paths[0]?.path;
  const aliases = cacheAliases(deadFiles.map((deadFile) => deadFile.path));
  return {
    ...defined({ aliases }),
    message: `${layerName(view, addedIn)} added ${howMuch(bytes, deadFiles.length)} that ${layerName(view, hiddenIn)} ${verb}${inWords(rows)}`,
    advice: deletionAdvice(view, addedIn, hiddenIn, rows.paths[0], deadFiles.length),
    bytes,
    inodes: inodesOf(deadFiles),
    evidence: evidenceOf(view, [addedIn, hiddenIn]),
    ...severityOf(bytes),
    locations: [
      { layer: addedIn, path, label: "added here" },
      { layer: hiddenIn, path, label: `${done(verb)} here`, silences: true },
    ],
    ...rows,
    ...dropDead(view, deadFiles),
  };
}

/** With the edit of the Dockerfile that saves the same bytes in the next build, where there is one. */
function withEdit(
  finding: Finding,
  build: BuildSubject | undefined,
  group: DeadFileGroup,
  addedIn: number,
): Finding {
  if (build?.image === undefined) return finding;
  const fix = provenFix(build.image, build.dockerfile, group, addedIn);
  return fix === undefined ? finding : { ...finding, fixes: [fix, ...(finding.fixes ?? [])] };
}

/** Files of the base that a layer above it takes away: the bytes stay whatever the Dockerfile does. */
function baseFinding(view: ImageView, group: DeadFileGroup): Finding {
  const { deadFiles, bytes, hiddenIn } = group;
  const rows = groupRows(deadFiles);
  const verb = verbOf(deadFiles);
  const path = rows.paths[0]?.path;
  return {
    message: `${layerName(view, hiddenIn)} ${verb} ${howMuch(bytes, deadFiles.length)} of the base image${inWords(rows)}, which saves nothing: the base keeps them`,
    advice:
      "If this is done for size, drop it: choose a smaller base image, or COPY --from what you need into a stage with a smaller base.",
    bytes,
    inodes: inodesOf(deadFiles),
    evidence: evidenceOf(view, [hiddenIn]),
    severity: "info",
    locations: [
      { layer: hiddenIn, path, label: `${done(verb)} here` },
      { layer: largestLayer(deadFiles), path, label: "added by the base image" },
    ],
    ...rows,
    ...dropDead(view, deadFiles),
  };
}

/** Summarizes all dead files within the base, whatever the cause, in one line: the user cannot act on them one by one. */
function* insideBase(view: ImageView): Iterable<Finding> {
  const base = view.origins.base.layers;
  const deadFiles = view.rootfs.deadFiles.filter(
    ({ hiddenIn, cause }) => hiddenIn < base && cause !== "duplicate-entry" && cause !== "aufs-metadata",
  );
  const bytes = deadFiles.reduce((sum, deadFile) => sum + deadFile.bytes, 0);
  if (bytes === 0) return;
  const rows = groupRows(deadFiles);
  yield {
    message: `the base image holds ${formatBytes(bytes)} in ${count(deadFiles.length, "file")} that its own later layers delete or overwrite${inWords(rows)}`,
    advice: "No edit of this Dockerfile changes that; a newer, slimmer or flattened base image would.",
    bytes,
    inodes: inodesOf(deadFiles),
    evidence: "layers",
    severity: "info",
    locations: [{ layer: largestLayer(deadFiles), path: rows.paths[0]?.path, label: "base image" }],
    ...rows,
    ...dropDead(view, deadFiles),
  };
}

type Verb = "deletes" | "hides" | "replaces";

function verbOf(deadFiles: readonly DeadFile[]): Verb {
  if (deadFiles.every(({ cause }) => cause === "replaced")) return "replaces";
  return deadFiles.every(({ cause }) => cause === "opaque") ? "hides" : "deletes";
}

function done(verb: Verb): string {
  return verb === "hides" ? "hidden" : verb === "replaces" ? "replaced" : "deleted";
}

/** The layer that most of the dead bytes are in. */
function largestLayer(deadFiles: readonly DeadFile[]): number {
  const bytes = new Map<number, number>();
  for (const deadFile of deadFiles)
    bytes.set(deadFile.addedIn, (bytes.get(deadFile.addedIn) ?? 0) + deadFile.bytes);
  return [...bytes].toSorted(([a, x], [b, y]) => y - x || a - b)[0]?.[0] ?? 0;
}
