import { operationOf } from "../../src/analysis/packages/operation.ts";
import { isLiteralAt } from "../../src/edits/add-word.ts";
import { isEditable } from "../../src/edits/editability.ts";
import { commandRule } from "../../src/rule/command-rule.ts";
import type { Command, DockerfileView, Fix, Step, TextEdit } from "../../src/rule/contract.ts";

/** The replacement for `apt VERB`, with an option that keeps its behaviour. */
const INSTEAD = new Map<string, string>([
  ...["install", "update", "remove", "purge", "autoremove", "clean", "autoclean", "download", "source"].map(
    (verb): [string, string] => [verb, `apt-get ${verb}`],
  ),
  ...["build-dep", "reinstall", "satisfy", "dist-upgrade", "changelog", "autopurge"].map(
    (verb): [string, string] => [verb, `apt-get ${verb}`],
  ),
  ["upgrade", "apt-get upgrade --with-new-pkgs"],
  ["full-upgrade", "apt-get dist-upgrade"],
  ...["search", "show", "policy", "showsrc", "depends", "rdepends"].map((verb): [string, string] => [
    verb,
    `apt-cache ${verb}`,
  ]),
]);

export const aptInScript = commandRule({
  id: "apt-in-script",
  aliases: ["apt-for-people", "DL3027"],
  category: "correctness",
  severity: "info",
  preset: "strict",
  reads: "dockerfile",
  docs: {
    summary:
      "`apt` is meant for interactive use and may change; scripts should use `apt-get` and `apt-cache`",
    what: "From the Dockerfile: the command `apt` in a RUN.",
    why: "apt itself warns that its command line interface is not stable: options and output may change in any version.",
    bad: [{ title: "apt in a RUN", dockerfile: "FROM debian:12\nRUN apt update && apt install -y curl\n" }],
    good: [
      { title: "apt-get", dockerfile: "FROM debian:12\nRUN apt-get update && apt-get install -y curl\n" },
    ],
    fix: "Replaces `apt` by `apt-get` or `apt-cache` with the same verb. Unsafe: some defaults differ. `apt upgrade` becomes `apt-get upgrade --with-new-pkgs`, `apt full-upgrade` becomes `apt-get dist-upgrade`. There is no fix for verbs that only apt has.",
  },
  commands: ["apt"],
  oncePerRun: true,
  find(_, step, { dockerfile }) {
    return {
      message: `line ${step.instruction.line} uses apt, whose command line is not stable`,
      advice: "Use apt-get, or apt-cache for queries.",
      fix: fixOf(step, dockerfile),
    };
  },
});

/** Of all of them in the RUN. */
function fixOf(step: Step, view: DockerfileView): Fix | undefined {
  const commands = (step.script?.commands ?? []).filter(({ name }) => name === "apt");
  const edits = isEditable(step, view) ? commands.map((command) => editsOf(command, view)) : [undefined];
  if (!edits.every((each) => each !== undefined)) return undefined;
  return {
    description: "use apt-get or apt-cache instead of apt",
    safety: "unsafe",
    condition: "apt and apt-get differ in defaults, such as which packages are kept and what is printed",
    edits: edits.flat(),
  };
}

function editsOf(command: Command, view: DockerfileView): TextEdit[] | undefined {
  const operation = operationOf(command);
  const instead = INSTEAD.get(operation?.name ?? "");
  const { word } = command;
  if (operation === undefined || instead === undefined || word === undefined) return undefined;
  const { verb } = operation;
  if (!isLiteralAt(word, view) || !isLiteralAt(verb, view) || !/(?:^|\/)apt$/.test(word.text))
    return undefined;
  const program = instead.slice(0, instead.indexOf(" "));
  const edit = { start: word.end - "apt".length, end: word.end, text: program };
  if (instead === `${program} ${operation.name}`) return [edit];
  return [edit, { start: verb.start, end: verb.end, text: instead.slice(program.length + 1) }];
}
