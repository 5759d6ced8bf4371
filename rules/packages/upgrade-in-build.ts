import { groupByPair, inodesOf, narrow, type DeadFileGroup } from "../../src/analysis/dead-files.ts";
import { layerOf, isProvenByLayers } from "../../src/analysis/layer-evidence.ts";
import { deletesDownloads, isUpgradeOfAll, operationOf } from "../../src/analysis/packages/operation.ts";
import { upgradedFiles, upgradeNamedIn } from "../../src/analysis/packages/upgraded-files.ts";
import { cutCommands } from "../../src/edits/cut.ts";
import { isEditable } from "../../src/edits/editability.ts";
import { must } from "../../src/must.ts";
import {
  count,
  defineRule,
  formatBytes,
  type Command,
  type DockerfileView,
  type Finding,
  type Fix,
  type ImageView,
  type Step,
  type BuildSubject,
} from "../../src/rule/contract.ts";
import { evidenceOf, layerName } from "../../src/rule/findings/layer-names.ts";
import { groupRows, inWords } from "../../src/rule/findings/path-rows.ts";
import { textFinding } from "../../src/rule/text-finding.ts";

export const upgradeInBuild = defineRule({
  id: "upgrade-in-build",
  aliases: ["DL3035", "DL3005", "DL3017", "DL3031", "DL3039"],
  category: "size",
  severity: "info",
  reads: "either",
  docs: {
    summary: "The build upgrades all packages of the base image, whose layers keep the old ones",
    what: `From the layers: files of the base image that a layer above it replaces by another version, or writes again with another time only, if that layer also changes the list of installed packages. They are one finding for each layer, with the command if it is known. An upgrade is neither reclaimable nor avoidable, and has a line of its own in the totals.

From the Dockerfile: \`apt-get upgrade\`, \`dist-upgrade\`, \`apk upgrade\`, \`dnf update\`, \`yum update\`, \`zypper update\` or \`dup\` without package names, in a stage that ends up in the image. Named packages, \`--security\` and \`zypper patch\` are not reported, nor is an upgrade whose layer replaces nothing of the base image.`,
    why: "Every upgraded file is in the image twice: in the base image and in this layer. The result also depends on the day: the same Dockerfile builds a different image tomorrow, or, from the build cache, the one of last month.",
    bad: [
      {
        title: "apt-get upgrade",
        dockerfile:
          "FROM debian:12\nRUN apt-get update && apt-get -y upgrade && rm -rf /var/lib/apt/lists/*\n",
      },
    ],
    good: [
      {
        title: "One package that needs an upgrade",
        dockerfile: "FROM alpine:3.20\nRUN apk upgrade --no-cache openssl\n",
      },
      {
        title: "In a builder stage",
        dockerfile: "FROM fedora:42 AS b\nRUN dnf -y upgrade && make\nFROM scratch\nCOPY --from=b /x /x\n",
      },
    ],
    fix: "Removes the command. Unsafe: packages stay at the versions of the base image, without later fixes. Updating the base image is the better way.",
  },
  *check({ image, build }) {
    if (image !== undefined) yield* replacedFiles(image, build);
    if (build !== undefined) yield* predictedUpgrades(build);
  },
});

/** Base files that a newer version replaced, for each layer that did it. */
function* replacedFiles(view: ImageView, build: BuildSubject | undefined): Iterable<Finding> {
  const upgraded = upgradedFiles(view);
  const causes = ["overwritten", "metadata-only", "identical"] as const;
  for (const group of groupByPair(view, causes)) {
    const replaced = group.deadFiles.filter((deadFile) => upgraded.has(deadFile));
    if (replaced.some(({ bytes }) => bytes > 0)) yield toFinding(view, build, narrow(group, replaced));
  }
}

function toFinding(
  view: ImageView,
  build: BuildSubject | undefined,
  { hiddenIn, deadFiles, bytes }: DeadFileGroup,
): Finding {
  const step = build?.dockerfile.steps.find(({ instruction }) => layerOf(build, instruction) === hiddenIn);
  const upgrade = step === undefined ? undefined : upgradeIn(step);
  const name =
    upgrade === undefined
      ? upgradeNamedIn(step?.instruction.body ?? view.origins.layers[hiddenIn]?.createdBy ?? "")
      : nameOf(upgrade);
  const rows = groupRows(deadFiles);
  const what = `${formatBytes(bytes)} in ${count(deadFiles.length, "file")} of the base image`;
  const does = name === undefined ? "installs packages that" : `upgrades packages (${name}), which`;
  const path = rows.paths[0]?.path;
  const fix =
    step === undefined || upgrade === undefined || build === undefined
      ? undefined
      : fixOf(upgrade, step, build.dockerfile, nameOf(upgrade));
  return {
    message: `${layerName(view, hiddenIn)} ${does} ${name === undefined ? "replace" : "replaces"} ${what}${inWords(rows)}: the base keeps the old copies`,
    advice:
      name === undefined ? "Use a newer base image: it has the new files without the old ones." : ADVICE,
    bytes,
    inodes: inodesOf(deadFiles),
    evidence: evidenceOf(view, [hiddenIn]),
    severity: "info",
    locations: [
      { layer: hiddenIn, path, label: "replaced here" },
      ...(step === undefined || upgrade === undefined
        ? []
        : [{ instruction: step.instruction, range: { start: upgrade.start, end: upgrade.end } }]),
    ],
    ...rows,
    ...(fix === undefined ? {} : { fixes: [fix] }),
  };
}

const ADVICE = "Use a newer base image, and upgrade urgent packages by name.";

/** Upgrades in the text, for instructions without layer evidence. */
function* predictedUpgrades(build: BuildSubject): Iterable<Finding> {
  for (const step of build.dockerfile.steps) {
    const { instruction } = step;
    const upgrade = upgradeIn(step);
    if (upgrade === undefined || isProvenByLayers(build, instruction)) continue;
    const name = nameOf(upgrade);
    yield textFinding({
      at: instruction,
      range: upgrade,
      message: `line ${instruction.line} upgrades everything (${name}): the files of the base image that it replaces stay in the base's layers`,
      advice: ADVICE,
      fix: fixOf(upgrade, step, build.dockerfile, name),
    });
  }
}

function upgradeIn({ script }: Step): Command | undefined {
  return script?.complete === true ? script.commands.find(isUpgrade) : undefined;
}

function nameOf(command: Command): string {
  return `${command.name} ${must(operationOf(command), "the operation").name}`;
}

function isUpgrade(command: Command): boolean {
  const operation = operationOf(command);
  if (operation === undefined || !command.certain) return false;
  const { options } = operation;
  return (
    isUpgradeOfAll(operation) &&
    !options.some((option) =>
      /^--(?:security|bugfix|advisory|simulate|dry-run|installroot|root)$/.test(option.name),
    )
  );
}

function fixOf(command: Command, step: Step, view: DockerfileView, name: string): Fix | undefined {
  if (!isEditable(step, view) || command.redirects.length > 0) return undefined;
  // without the upgrade there is nothing to clean up
  const rest = (step.script?.commands ?? []).filter((each) => each !== command);
  const all = rest.every(isCleanup) ? cutCommands(step, [command, ...rest], view) : undefined;
  const cut = all ?? cutCommands(step, [command], view);
  if (cut === undefined) return undefined;
  return {
    description: `drop ${name}`,
    safety: "unsafe",
    condition: "packages stay at the versions of the base image, without later fixes",
    edits: cut.edits,
  };
}

/** `dnf clean all`, `rm -rf /var/cache/dnf`. */
function isCleanup(command: Command): boolean {
  const { name, args, redirects } = command;
  if (redirects.length > 0) return false;
  const words = args.flatMap(({ text }) => (text.startsWith("-") ? [] : [text]));
  if (name === "rm") return words.every((word) => /^\/var\/(?:cache|lib\/apt\/lists)(?:\/|$)/.test(word));
  const operation = operationOf(command);
  return operation !== undefined && deletesDownloads(operation);
}
