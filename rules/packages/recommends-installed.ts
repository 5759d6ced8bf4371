import { layerOf, isProvenByLayers } from "../../src/analysis/layer-evidence.ts";
import { onlyRecommended, readPackages, type DebPackage } from "../../src/analysis/packages/dpkg-status.ts";
import { hasUnknownOptions, operationOf, type Operation } from "../../src/analysis/packages/operation.ts";
import { defined } from "../../src/defined.ts";
import { addWord } from "../../src/edits/add-word.ts";
import { isEditable } from "../../src/edits/editability.ts";
import { itemAt, must } from "../../src/must.ts";
import {
  defineRule,
  formatBytes,
  toBytes,
  type BytePath,
  type DockerfileView,
  type Finding,
  type Fix,
  type ImageView,
  type Step,
  type BuildSubject,
} from "../../src/rule/contract.ts";

const STATUS = toBytes("var/lib/dpkg/status");
const STATES = toBytes("var/lib/apt/extended_states");

export const recommendsInstalled = defineRule({
  id: "recommends-installed",
  aliases: ["DL3015"],
  category: "size",
  severity: "info",
  preset: "strict",
  reads: "build",
  docs: {
    summary: "apt-get install also installs recommended packages, which an image seldom needs",
    what: "From the Dockerfile: `apt-get install` without `--no-install-recommends` in a stage that ends up in the image, unless a setting turns them off (`APT::Install-Recommends`). With the image, the records of dpkg and apt tell which packages of the layer nothing depends on and nobody named, and how large they are; if there are none, or it is unknown, nothing is reported.",
    why: "Recommended packages are what is usually installed alongside on a computer: documentation, mail servers, desktops. They recommend further packages.",
    bad: [
      {
        title: "With recommended packages",
        dockerfile:
          "FROM debian:12\nRUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*\n",
      },
    ],
    good: [
      {
        title: "Without recommended packages",
        dockerfile: "FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends git\n",
      },
      {
        title: "Turned off by a setting",
        dockerfile:
          "FROM debian:12\nRUN echo 'APT::Install-Recommends \"0\";' > /etc/apt/apt.conf.d/99\nRUN apt-get update && apt-get install -y git\n",
      },
    ],
    fix: "Adds `--no-install-recommends` to every install of the RUN. Always unsafe: it installs fewer packages, and something may need one of them.",
  },
  wantsContent: (path) => path === STATUS || path === STATES,
  *check(subject) {
    const view = subject.dockerfile;
    for (const [at, step] of view.steps.entries()) {
      if (step.script?.complete !== true || isSet(view, at)) continue;
      const installs = step.script.commands
        .map(operationOf)
        .filter((operation) => operation !== undefined)
        .filter(takesAll);
      const found = installs.length === 0 ? undefined : findingOf(installs, step, view, subject);
      if (found !== undefined) yield found;
    }
  },
});

/** Some step up to here sets it, or may. */
function isSet({ steps, file }: DockerfileView, at: number): boolean {
  return steps
    .slice(0, at + 1)
    .some(({ instruction: { start, end, keyword } }) =>
      keyword === "COPY" || keyword === "ADD"
        ? /\/etc\/apt\b/.test(file.text.slice(start, end))
        : /Install-Recommends|\bAPT_CONFIG\b/i.test(file.text.slice(start, end)),
    );
}

function takesAll({ tool, command, name, options, operands }: Operation): boolean {
  return (
    tool.id === "apt" &&
    name === "install" &&
    command.certain &&
    operands.length > 0 &&
    !hasUnknownOptions(command) &&
    !options.some((option) =>
      /^--(?:no-install-recommends|simulate|dry-run|print-uris|download-only|fix-broken)$|^-[sdf]$/.test(
        option.name,
      ),
    )
  );
}

function findingOf(
  installs: readonly Operation[],
  step: Step,
  view: DockerfileView,
  subject: BuildSubject,
): Finding | undefined {
  const { instruction } = step;
  const first = itemAt(installs, 0);
  const { start, end } = first.command;
  const proven = isProvenByLayers(subject, instruction);
  const layer = proven ? layerOf(subject, instruction) : undefined;
  const extra = layer === undefined ? [] : recommendedIn(must(subject.image, "the image"), layer);
  if (proven && extra.length === 0) return undefined;
  const bytes = extra.reduce((sum, each) => sum + each.bytes, 0);
  const fix = fixOf(installs, step, view, proven ? bytes : undefined);
  const names = extra
    .toSorted((a, b) => b.bytes - a.bytes)
    .map((each) => `${each.name} (${formatBytes(each.bytes)})`);
  const shown =
    names.length > 5 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : names.join(", ");
  return {
    message: proven
      ? `line ${instruction.line} installs ${extra.length} package${extra.length === 1 ? "" : "s"} that nothing depends on and nobody named, ${formatBytes(bytes)}: ${shown}`
      : `line ${instruction.line} also installs recommended packages with ${first.command.name}`,
    advice: "Use apt-get install --no-install-recommends, and name those you need.",
    evidence: proven ? "both" : "dockerfile",
    locations: [{ instruction, range: { start, end } }],
    ...defined({ fixes: fix && [fix] }),
  };
}

function fixOf(
  installs: readonly Operation[],
  step: Step,
  view: DockerfileView,
  bytes: number | undefined,
): Fix | undefined {
  if (!isEditable(step, view)) return undefined;
  const edits = installs.map(({ verb }) => addWord(verb, "--no-install-recommends", view));
  if (!edits.every((edit) => edit !== undefined)) return undefined;
  return {
    description: "add --no-install-recommends to apt-get install",
    safety: "unsafe",
    condition: "it installs fewer packages, and something may need one of them",
    edits,
    ...defined({ bytes }),
  };
}

/** Packages of a layer that only recommendations brought, as far as its own files tell. */
function recommendedIn(view: ImageView, layer: number): DebPackage[] {
  const status = textOf(view, layer, STATUS);
  const states = textOf(view, layer, STATES);
  if (status === undefined || states === undefined) return [];
  const before = lastBefore(view, layer, STATUS);
  const known = new Set(before === undefined ? [] : readPackages(before, "").map(({ name }) => name));
  return onlyRecommended(readPackages(status, states)).filter(({ name }) => !known.has(name));
}

function textOf({ image }: ImageView, layer: number, path: BytePath): string | undefined {
  for (const [entry, bytes] of image.layers[layer]?.kept ?? [])
    if (entry.path === path) return new TextDecoder().decode(bytes);
  return undefined;
}

/** As the layers below have it. */
function lastBefore(view: ImageView, layer: number, path: BytePath): string | undefined {
  for (let at = layer - 1; at >= 0; at--) {
    const text = textOf(view, at, path);
    if (text !== undefined) return text;
  }
  return undefined;
}
