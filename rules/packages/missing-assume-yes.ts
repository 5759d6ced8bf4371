import {
  hasUnknownOptions,
  operationOf,
  questionOf,
  type Operation,
} from "../../src/analysis/packages/operation.ts";
import { addWord } from "../../src/edits/add-word.ts";
import { isEditable } from "../../src/edits/editability.ts";
import { itemAt, must } from "../../src/must.ts";
import type { Command, Finding, Fix, Step } from "../../src/rule/contract.ts";
import type { DockerfileView } from "../../src/rule/contract.ts";
import { instructionRule } from "../../src/rule/instruction-rule.ts";

export const missingAssumeYes = instructionRule({
  id: "missing-assume-yes",
  aliases: ["unanswered-question", "DL3014", "DL3030", "DL3034", "DL3038"],
  category: "correctness",
  severity: "warning",
  reads: "dockerfile",
  docs: {
    summary: "A package manager asks for confirmation, which a build cannot answer",
    what: "From the Dockerfile: `apt-get`, `dnf`, `yum` or `zypper` with a verb that asks for confirmation (install, remove, upgrade, …) and without the option that answers. The apt option `-qq` answers as well, and so does a setting (`APT::Get::Assume-Yes`, `assumeyes`) in an earlier step of the stage. Not reported in a pipe (`yes | apt-get …`), with redirected input, or with options from a variable.",
    why: "The build stops as soon as there is something to confirm, for example one more package than named. A build that works today may work by luck.",
    bad: [
      {
        title: "apt-get without -y",
        dockerfile: "FROM debian:12\nRUN apt-get update && apt-get install curl\n",
      },
      { title: "dnf", dockerfile: "FROM fedora:42\nRUN dnf install --setopt=keepcache=0 git\n" },
    ],
    good: [
      { title: "-y", dockerfile: "FROM debian:12\nRUN apt-get update && apt-get install -y curl\n" },
      { title: "zypper -n", dockerfile: "FROM opensuse/leap\nRUN zypper -n install git\n" },
    ],
    fix: "Adds `-y` after the verb. Safe: a build that works does the same with it.",
  },
  keywords: ["RUN"],
  find(step, { dockerfile }) {
    if (!step.script.complete) return undefined;
    const { steps } = itemAt(dockerfile.stages, step.stage.index);
    const until = steps.slice(0, steps.indexOf(step) + 1);
    const found = step.script.commands
      .map(operationOf)
      .filter((each) => each !== undefined)
      .filter((each) => asks(each, until, step, dockerfile));
    return found.length === 0 ? undefined : findingOf(found, step, dockerfile);
  },
});

function asks(operation: Operation, until: readonly Step[], step: Step, { file }: DockerfileView): boolean {
  const { command, options } = operation;
  const question = questionOf(operation);
  if (question === undefined || hasUnknownOptions(command)) return false;
  // apt: two of them, or a level of two, mean -y
  const quiet = options.filter((option) => option.name === "-q" || option.name === "--quiet").length;
  const isLevel = command.args.some(({ value }) => /^(?:-q|--quiet)=[2-9]$/.test(value ?? ""));
  if (quiet > 1 || isLevel) return false;
  if (until.some(({ instruction: { start, end } }) => question.setting.test(file.text.slice(start, end))))
    return false;
  return !hasInput(command, step, file.text);
}

/** `yes | apt-get …`, `dnf … < answers`, `xargs`: something else may answer. */
function hasInput(command: Command, { script, instruction }: Step, text: string): boolean {
  if (command.redirects.some(({ operator }) => operator.includes("<"))) return true;
  const item = script?.list?.items.find(({ start, end }) => start <= command.start && command.start < end);
  return text
    .slice(item?.start ?? instruction.start, command.start)
    .replaceAll("||", "")
    .includes("|");
}

/** The word that answers for it. */
function answerOf({ packages }: Operation): string {
  return must(packages.asks, "what it asks").word;
}

function findingOf(found: readonly Operation[], step: Step, view: DockerfileView): Finding {
  const { instruction } = step;
  const operation = itemAt(found, 0);
  const { command, name } = operation;
  const answer = answerOf(operation);
  const edits = isEditable(step, view) ? found.map((each) => addWord(each.verb, answerOf(each), view)) : [];
  const fix: Fix[] =
    edits.length > 0 && edits.every((edit) => edit !== undefined)
      ? [{ description: `add ${answer} to ${command.name} ${name}`, safety: "safe", edits }]
      : [];
  return {
    message: `line ${instruction.line} runs ${command.name} ${name}, which may ask for a confirmation that a build cannot give`,
    advice: `Write ${command.name} ${name} ${answer}: a build stops at a question.`,
    evidence: "dockerfile",
    locations: [{ instruction, range: { start: command.start, end: command.end } }],
    fixes: fix,
  };
}
