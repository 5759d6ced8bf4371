import { usualFolders } from "../../src/analysis/caches/cache-folders.ts";
import { readersAfter } from "../../src/analysis/caches/later-readers.ts";
import {
  deletesDownloads,
  isRefresh,
  isWithSystem,
  operationOf,
} from "../../src/analysis/packages/operation.ts";
import { matches } from "../../src/analysis/steps/command-patterns.ts";
import { isOpaque } from "../../src/analysis/steps/opaque.ts";
import { updatesFor } from "../../src/edits/caches/update-before-readers.ts";
import { cutCommands } from "../../src/edits/cut.ts";
import { isEditable } from "../../src/edits/editability.ts";
import { mergeEdits } from "../../src/edits/merge-edits.ts";
import { cachingTools } from "../../src/knowledge/toolbox.ts";
import { must } from "../../src/must.ts";
import type { Command, DockerfileView, DockerfileSubject, Fix, Step } from "../../src/rule/contract.ts";
import { instructionRule } from "../../src/rule/instruction-rule.ts";
import type { PlaceFinding } from "../../src/rule/text-finding.ts";

export const updateWithoutInstall = instructionRule({
  id: "update-without-install",
  aliases: [],
  category: "correctness",
  severity: "warning",
  reads: "dockerfile",
  docs: {
    summary: "A RUN of its own fetches a package index, which the build cache then keeps forever",
    what: "From the Dockerfile: `apt-get update`, `apk update`, `dnf makecache`, `yum makecache` or `zypper refresh` in a RUN that installs nothing, in a stage that the build needs. Unknown scripts may install something, so a RUN with one is not reported.",
    why: "As long as the text of the RUN does not change, the builder takes its layer from the cache, however old the index is. If a later RUN changes, it installs from the old index: old versions, or packages that the server no longer has, and the build fails on one machine only. The index also stays in the image.",
    bad: [
      {
        title: "apt-get update in one step, install in the next",
        dockerfile: "FROM debian:12\nRUN apt-get update\nRUN apt-get install -y curl\n",
      },
    ],
    good: [
      {
        title: "Both in one step",
        dockerfile:
          "FROM debian:12\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n",
      },
      {
        title: "A script that may install",
        dockerfile: "FROM debian:12\nRUN apt-get update && ./install.sh\n",
      },
    ],
    fix: "For apt: removes the update, and adds one to every RUN that installs without one. Unsafe: the update then runs at another time.",
  },
  keywords: ["RUN"],
  onlyNeeded: true,
  find: inStep,
});

function inStep(step: Step, { dockerfile: view }: DockerfileSubject): PlaceFinding | undefined {
  const { script, instruction } = step;
  if (script === undefined || script.shell === "other" || !script.complete) return undefined;
  const updates = script.commands.filter((command) => {
    const operation = operationOf(command);
    return operation !== undefined && isRefresh(operation) && operation.operands.length === 0;
  });
  const [update] = updates;
  if (update?.certain !== true) return undefined;
  if (script.commands.some((command) => !updates.includes(command) && mayInstall(command))) return undefined;
  const name = `${update.name} ${must(operationOf(update), "the operation").name}`;
  return {
    message: `line ${instruction.line} runs ${name} and installs nothing: the build cache keeps this index, however old it gets`,
    advice: `Run ${name} in the RUN that installs, so that both run again together.`,
    range: update,
    fix: fixOf(step, updates, view),
  };
}

/** Another command of a package manager, or an unknown command. */
function mayInstall(command: Command): boolean {
  if (isOpaque(command)) return true;
  const operation = operationOf(command);
  return operation === undefined ? isWithSystem(command) : !deletesDownloads(operation);
}

/** Most RUNs that may get an update in one fix. */
const mostUpdates = 50;

/** The update goes to the RUNs that need it. */
function fixOf(step: Step, updates: readonly Command[], view: DockerfileView): Fix | undefined {
  const [found] = cachingTools.flatMap((manager) =>
    manager.remedies.flatMap(({ wantedBy, clears }) => {
      const cache = manager.caches[clears[0] ?? 0];
      const isAll = wantedBy !== undefined && updates.every((update) => matches(update, wantedBy.updates));
      return cache !== undefined && isAll ? [{ manager, cache, wanted: wantedBy }] : [];
    }),
  );
  if (found === undefined || !isEditable(step, view)) return undefined;
  const { wanted } = found;
  if (updates.some(({ redirects, through }) => redirects.length > 0 || through.length > 0)) return undefined;
  const needs = [...readersAfter(step, view, { ...found, folders: usualFolders(found.cache) })];
  if (needs.length > mostUpdates) return undefined;
  const added = updatesFor(needs, wanted.update, view);
  const cut = cutCommands(step, [...updates, ...listRemovals(step)], view);
  if (added === undefined || cut === undefined) return undefined;
  const other = needs.find(({ known, onbuild }) => !known || onbuild);
  return {
    description: `move ${wanted.update} into the RUNs that install`,
    safety: "unsafe",
    condition:
      other === undefined
        ? "the update runs at another time, and its index may be newer"
        : `line ${other.step.instruction.line} may need the index`,
    edits: mergeEdits([...cut.edits, ...added], view.file.text),
  };
}

/** `rm -rf /var/lib/apt/lists/*`: without the update there is nothing to remove. */
function listRemovals({ script }: Step): readonly Command[] {
  return (script?.commands ?? []).filter(({ name, args, through }) => {
    const paths = args.filter(({ text }) => !text.startsWith("-"));
    return (
      name === "rm" &&
      through.length === 0 &&
      paths.length > 0 &&
      paths.every(({ text }) => /^\/var\/lib\/apt\/lists(?:\/\*)?$/.test(text))
    );
  });
}
