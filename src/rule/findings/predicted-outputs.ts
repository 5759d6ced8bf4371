/** Predicts build output from the Dockerfile alone: a build whose result is copied on, and whose folder nobody empties. */
import { runsUnknown } from "../../analysis/caches/cache-cleaning.ts";
import { isMounted } from "../../analysis/caches/cache-writers.ts";
import { isForDevelopment } from "../../analysis/for-development.ts";
import { isProvenByLayers } from "../../analysis/layer-evidence.ts";
import type { BuildSubject } from "../../analysis/subject.ts";
import type { Step } from "../../build/build.ts";
import { toolNamed } from "../../knowledge/toolbox.ts";
import { isBelow, overlaps, resolve } from "../../paths.ts";
import type { Command } from "../../shell/script.ts";
import type { Finding } from "../contract.ts";

/** Variables and settings that put the output elsewhere, wherever a Dockerfile has them. */
const ELSEWHERE = /CARGO_TARGET_DIR|CARGO_BUILD_TARGET_DIR|build\.target-dir/;

/** Yields builds of the image whose output stays beside the result that a command installs elsewhere. */
export function* predictedOutputs(subject: BuildSubject): Iterable<Finding> {
  const { dockerfile } = subject;
  const { steps, file } = dockerfile;
  if (isForDevelopment(dockerfile) || ELSEWHERE.test(file.text)) return;
  for (const [at, step] of steps.entries()) {
    if (step.script?.complete !== true || isProvenByLayers(subject, step.instruction)) continue;
    const found = step.script.commands.flatMap((command) => outputOf(command) ?? [])[0];
    if (found === undefined || isMounted(step, found.folder)) continue;
    const own = step.script.commands;
    const later = [
      ...own.slice(own.indexOf(found.command) + 1),
      ...steps.slice(at + 1).flatMap(({ script }) => script?.commands ?? []),
    ];
    const isGone = later.some((each) => mayEmpty(each, found.folder) || runsUnknown(each, file.text));
    if (isGone || startsBelow(steps, found.folder)) continue;
    if (!found.installs && !later.some((each) => copiesFrom(each, found.folder))) continue;
    const { line } = step.instruction;
    yield {
      message: `line ${line} builds with ${found.name}, the result is installed elsewhere, and the build output stays in the image (${found.folder})`,
      advice:
        "Build in an earlier stage and COPY --from only the result, or delete the folder at the end of the RUN that builds.",
      evidence: "dockerfile",
      severity: "info",
      locations: [
        { instruction: step.instruction, range: { start: found.command.start, end: found.command.end } },
      ],
    };
  }
}

interface Output {
  readonly command: Command;
  readonly name: string;
  readonly folder: string;
  /** The build itself puts its result elsewhere. */
  readonly installs: boolean;
}

/** The folder that a command certainly fills with build output. */
function outputOf(command: Command): Output | undefined {
  const tool = command.certain ? toolNamed(command.name) : undefined;
  const made = tool?.outputs?.flatMap((each) => each.made ?? [])[0];
  const verbs = command.args.flatMap(({ text, value }) => (/^[-+]/.test(text) ? [] : [value]));
  const verb =
    tool?.manyVerbs === true ? verbs.findLast((each) => made?.verbs.includes(each ?? "")) : verbs[0];
  if (made === undefined || verb === undefined || !made.verbs.includes(verb)) return undefined;
  if (command.args.some(({ text }) => made.elsewhere.test(text))) return undefined;
  const { installs } = made;
  const isInstalled = verb === installs?.verb;
  if (isInstalled && !command.args.some(({ text }) => installs.option.test(text))) return undefined;
  const folder = resolve(command.cwd, made.folder);
  return folder === undefined
    ? undefined
    : { command, name: `${command.name} ${verb}`, folder, installs: isInstalled };
}

function operands({ args, cwd }: Command): string[] {
  return args.flatMap(({ value }) => (value === undefined ? [] : (resolve(cwd, value) ?? [])));
}

/** Also when it may not run, or when a variable or glob may name the folder. */
function mayEmpty(command: Command, folder: string): boolean {
  const { name, args } = command;
  if (name === "rm" || name === "find")
    return (
      args.some(({ value }) => value === undefined || /[*?[]/.test(value)) ||
      operands(command).some((path) => overlaps(path, folder))
    );
  return args.some(({ value }) => value === "clean") || (name === "mv" && operands(command).includes(folder));
}

function copiesFrom(command: Command, folder: string): boolean {
  return (
    command.certain &&
    ["cp", "install", "mv"].includes(command.name ?? "") &&
    operands(command).some((path) => path !== folder && isBelow(path, folder))
  );
}

/** True if the container starts a program of the folder. */
function startsBelow(steps: readonly Step[], folder: string): boolean {
  const name = folder.slice(folder.lastIndexOf("/") + 1);
  return steps.some(
    ({ keyword, instruction }) =>
      ["CMD", "ENTRYPOINT", "ENV", "HEALTHCHECK"].includes(keyword) && instruction.body.includes(`${name}/`),
  );
}
