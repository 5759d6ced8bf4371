/** Replaces a COPY for a single RUN by a bind mount, so that the file never enters a layer. */
import { copiedFiles, type CopiedFile } from "../analysis/steps/creations.ts";
import { commandAccess, pathAccessOf, type PathAccess } from "../analysis/steps/path-access.ts";
import type { FoundRemoval } from "../analysis/steps/removals.ts";
import type { DockerfileView, RunStep, Step } from "../build/build.ts";
import type { TextEdit } from "../dockerfile/dockerfile.ts";
import { fileChangers, inPlaceEditors, plainSyntax } from "../knowledge/commands.ts";
import { resolve } from "../paths.ts";
import { optionsOf } from "../shell/option-reader.ts";
import type { Command, ShellWord } from "../shell/script.ts";
import { cutCommands, cutWords } from "./cut.ts";
import { drop } from "./drop.ts";
import { isEditable } from "./editability.ts";
import type { Fix } from "./fix.ts";
import { mergeEdits } from "./merge-edits.ts";

/** A name that needs no quotes in mount options. */
const PLAIN = /^[\w./@%+:~-]+$/;

/**
 * Removes `COPY x.tgz /tmp/` and the rm, and adds `--mount=type=bind` to the only RUN that reads the file. Without a
 * `remover` the files stay in the image today. Undefined for several readers, other flags, or a file that is not
 * removed by its own name.
 */
export function mountInstead(
  copy: Step,
  remover: RunStep | undefined,
  removals: readonly FoundRemoval[],
  view: DockerfileView,
): Fix | undefined {
  const { flags, line } = copy.instruction;
  if (copy.keyword !== "COPY" || !view.supportsFrontend(2) || !isEditable(copy, view)) return undefined;
  if (remover !== undefined && copy.stage !== remover.stage) return undefined;
  if (flags.some(({ name }) => name !== "from" && name !== "link")) return undefined;
  const from = flags.find(({ name }) => name === "from")?.value;
  if (from !== undefined && !PLAIN.test(from)) return undefined;
  const files = copiedFiles(copy);
  if (files === undefined || files.some(({ source, target }) => !PLAIN.test(source) || !PLAIN.test(target)))
    return undefined;
  const own = removals.filter(({ removal }) => files.some(({ target }) => isRemoved(removal, target)));
  const isGone = ({ target }: CopiedFile) => own.some(({ removal }) => isRemoved(removal, target));
  if (remover !== undefined && !files.every(isGone)) return undefined;
  const user = onlyUser(copy, remover, files, own, view);
  if (user === undefined || !isEditable(user, view) || changesAny(user, files, own)) return undefined;
  if (user.mounts.some(({ target }) => files.some((file) => file.target === target))) return undefined;
  const cut = remover === undefined ? [] : cutRemovals(remover, own, view);
  const gone = drop(view, copy.instruction);
  if (cut === undefined || gone === undefined) return undefined;
  const mounts = files.map(
    ({ source, target }) =>
      ` --mount=type=bind,${from === undefined ? "" : `from=${from},`}source=${source},target=${target}`,
  );
  const at = user.instruction.keywordRange.end;
  return {
    description: `mount ${files.map(({ source }) => source).join(", ")} in line ${user.instruction.line} instead of copying it in line ${line}`,
    safety: "unsafe",
    condition: `a mounted file cannot be written, keeps its owner from outside, and exists during this RUN only${remover === undefined ? ", not in the image" : ""}`,
    edits: mergeEdits([gone, { start: at, end: at, text: mounts.join("") }, ...cut], view.file.text),
  };
}

function isRemoved({ path, contentsOnly, verb }: FoundRemoval["removal"], target: string): boolean {
  return verb === "deletes" && !contentsOnly && path === target;
}

/** Returns the only RUN that uses the files; undefined when there are several, none, or it is unknown. */
function onlyUser(
  copy: Step,
  remover: RunStep | undefined,
  files: readonly CopiedFile[],
  removals: readonly FoundRemoval[],
  { steps }: DockerfileView,
): RunStep | undefined {
  const end = remover === undefined ? steps.length : steps.indexOf(remover) + 1;
  const removing = new Set(removals.map(({ command }) => command));
  const users: Step[] = [];
  for (const step of steps.slice(steps.indexOf(copy) + 1, end)) {
    const touches = files.flatMap(({ target }): PathAccess[] =>
      step === remover
        ? remover.script.commands
            .filter((command) => !removing.has(command))
            .map((command) => (runs(command, target) ? "uses" : commandAccess(command, target)))
        : [
            step.script?.commands.some((command) => runs(command, target)) === true
              ? "uses"
              : pathAccessOf(step, target),
          ],
    );
    if (touches.includes("uses")) users.push(step);
    // an unknown program may read the file
    else if (touches.includes("maybe")) return undefined;
  }
  const [user] = users;
  return users.length === 1 && user?.keyword === "RUN" ? user : undefined;
}

/** Returns true if the command runs the file: `/tmp/setup.sh`. */
function runs({ word, cwd }: Command, target: string): boolean {
  return word?.value?.includes("/") === true && resolve(cwd, word.value) === target;
}

/** Returns true if a command of the RUN changes a file, or its mode: a mounted file is read-only. */
function changesAny(
  { script }: RunStep,
  files: readonly CopiedFile[],
  removals: readonly FoundRemoval[],
): boolean {
  const removing = new Set(removals.map(({ command }) => command));
  const isFile = ({ value }: ShellWord, cwd: string | undefined) =>
    value !== undefined && files.some(({ target }) => resolve(cwd, value) === target);
  return script.commands.some((command) => {
    const { name = "", args, cwd, redirects } = command;
    if (redirects.some(({ target }) => target !== undefined && isFile(target, cwd))) return true;
    const isInPlace =
      inPlaceEditors.has(name) && args.some(({ text }) => /^-[A-Za-z]*i|^--in-place/.test(text));
    return (
      (fileChangers.has(name) || isInPlace) &&
      !removing.has(command) &&
      args.some((word) => isFile(word, cwd))
    );
  });
}

function cutRemovals(
  remover: RunStep,
  removals: readonly FoundRemoval[],
  view: DockerfileView,
): readonly TextEdit[] | undefined {
  const edits: TextEdit[] = [];
  const commands = [];
  const words = new Set(removals.flatMap(({ removal }) => removal.word ?? []));
  for (const command of new Set(removals.map((each) => each.command))) {
    if (optionsOf(command.args, plainSyntax(command.name ?? "")).rest.every((word) => words.has(word))) {
      commands.push(command);
      continue;
    }
    const cut = cutWords(command, words, view);
    if (cut === undefined) return undefined;
    edits.push(...cut);
  }
  if (commands.length === 0) return edits;
  const cut = cutCommands(remover, commands, view);
  return cut === undefined ? undefined : [...edits, ...cut.edits];
}
