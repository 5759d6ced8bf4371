import { layerOf, isProvenByLayers } from "../../src/analysis/layer-evidence.ts";
import { deletesDownloads, isUpgradeOfAll, operationOf } from "../../src/analysis/packages/operation.ts";
import { cutCommands } from "../../src/edits/cut.ts";
import { isEditable } from "../../src/edits/editability.ts";
import { must } from "../../src/must.ts";
import { commandRule } from "../../src/rule/command-rule.ts";
import {
  formatBytes,
  type Command,
  type DockerfileView,
  type Fix,
  type Step,
  type BuildSubject,
} from "../../src/rule/contract.ts";
import type { PlaceFinding } from "../../src/rule/text-finding.ts";

export const upgradeInBuild = commandRule({
  id: "upgrade-in-build",
  aliases: ["DL3035", "DL3005", "DL3017", "DL3031", "DL3039"],
  category: "size",
  severity: "info",
  reads: "build",
  docs: {
    summary: "The build upgrades all packages of the base image, whose layers keep the old ones",
    what: "From the Dockerfile: `apt-get upgrade`, `dist-upgrade`, `apk upgrade`, `dnf update`, `yum update`, `zypper update` or `dup` without package names, in a stage that ends up in the image. Named packages, `--security` and `zypper patch` are not reported, nor is an upgrade whose layer replaces nothing of the base image.",
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
  oncePerRun: true,
  find(command, step, subject) {
    return step.script?.complete === true && isUpgrade(command)
      ? findingOf(command, step, subject)
      : undefined;
  },
});

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

function findingOf(command: Command, step: Step, subject: BuildSubject): PlaceFinding | undefined {
  const { instruction } = step;
  const { image } = subject;
  const layer = layerOf(subject, instruction);
  const name = `${command.name} ${must(operationOf(command), "the operation").name}`;
  const common = {
    advice: "Use a newer base image, and upgrade urgent packages by name.",
    fix: fixOf(command, step, subject.dockerfile, name),
  };
  if (layer === undefined && isProvenByLayers(subject, instruction)) return undefined;
  if (image === undefined || layer === undefined)
    return {
      message: `line ${instruction.line} upgrades everything (${name}): the files of the base image that it replaces stay in the base's layers`,
      ...common,
    };
  const replaced = image.rootfs.deadFiles.filter(
    ({ hiddenIn, addedIn }) => hiddenIn === layer && addedIn < image.origins.base.layers,
  );
  const bytes = replaced.reduce((sum, deadFile) => sum + deadFile.bytes, 0);
  if (bytes === 0) return undefined;
  return {
    message: `line ${instruction.line} upgrades everything (${name}): ${formatBytes(bytes)} of the base image are replaced, and stay in its layers`,
    evidence: "both",
    ...common,
  };
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
