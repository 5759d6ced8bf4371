import { hasPipe } from "../../src/analysis/steps/pipes.ts";
import { isEditable } from "../../src/edits/editability.ts";
import { indentAt, lineBreakOf, lineStart } from "../../src/edits/layout.ts";
import { defineRule, type DockerfileView, type Step } from "../../src/rule/contract.ts";
import { textFix, textFinding } from "../../src/rule/text-finding.ts";

export const pipeWithoutPipefail = defineRule({
  id: "pipe-without-pipefail",
  aliases: ["DL4006"],
  category: "correctness",
  severity: "warning",
  preset: "strict",
  reads: "dockerfile",
  docs: {
    summary: "A RUN ignores failures of all but the last command of a pipe",
    what: "From the Dockerfile: a RUN in shell form with a pipe, if neither SHELL nor `set -o pipefail` makes the pipe fail when one of its commands fails.",
    why: "The exit status of a pipe is that of its last command. If a download before `| tar xz` fails, the build may succeed with files missing.",
    bad: [
      {
        title: "A failed download goes unnoticed",
        dockerfile: "FROM debian:12\nRUN curl https://example.com/list | sort > /list\n",
      },
    ],
    good: [
      {
        title: "SHELL sets pipefail",
        dockerfile:
          'FROM debian:12\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN curl https://example.com/list | sort > /list\n',
      },
    ],
    fix: "Adds a SHELL with pipefail before the first such RUN of the stage. Unsafe: the shell may not be in the image, and everything after it runs in that shell.",
  },
  *check({ dockerfile: view }) {
    for (const { steps } of view.stages) {
      const piped = steps.filter((step) => lacksPipefail(step, view));
      const fix = piped[0] === undefined ? undefined : shellBefore(piped[0], view);
      for (const { instruction: at } of piped) {
        yield textFinding({
          at,
          message: `line ${at.line} has a pipe in which only the last command can fail the RUN`,
          advice: 'Set SHELL ["/bin/bash", "-o", "pipefail", "-c"] before it, or download to a file first.',
          fix,
        });
      }
    }
  },
});

function lacksPipefail({ instruction, scope, script }: Step, { file }: DockerfileView): boolean {
  if (instruction.keyword !== "RUN" || script?.shell !== "posix" || script.list === undefined) return false;
  if (scope.shell.includes("pipefail")) return false;
  if (
    script.commands.some(({ name, args }) => name === "set" && args.some(({ value }) => value === "pipefail"))
  )
    return false;
  const [heredoc] = instruction.heredocs;
  return hasPipe(
    script.list.inHeredoc && heredoc !== undefined ? heredoc.content : instruction.body,
    file.escape,
  );
}

function shellBefore(step: Step, view: DockerfileView) {
  if (!isEditable(step, view)) return undefined;
  const { text } = view.file;
  const { instruction, stage, scope } = step;
  if (scope.shell.join(" ") !== "/bin/sh -c") return undefined;
  const isAlpine = /alpine/i.test(stage.expandedImage ?? stage.image);
  const shell = isAlpine ? '["/bin/ash", "-o", "pipefail", "-c"]' : '["/bin/bash", "-o", "pipefail", "-c"]';
  const start = lineStart(text, instruction.start);
  const keyword = text[instruction.keywordRange.start] === "r" ? "shell" : "SHELL";
  return textFix(
    `SHELL ${shell} before line ${instruction.line}`,
    [
      {
        start,
        end: start,
        text: `${indentAt(text, instruction.start)}${keyword} ${shell}${lineBreakOf(text)}`,
      },
    ],
    `${isAlpine ? "the shell may be another one" : "bash may not be in the image"}, and everything after it in the stage runs in that shell`,
  );
}
