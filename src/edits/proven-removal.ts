/** Fixes late removals that the layers prove: finds the command and the words that deleted the files. */
import type { DeadFileGroup } from "../analysis/dead-files.ts";
import { removed, type FoundRemoval } from "../analysis/steps/removals.ts";
import type { ImageView } from "../analysis/subject.ts";
import type { DockerfileView, Step } from "../build/build.ts";
import { toBytes } from "../byte-path.ts";
import type { DeadFile } from "../rootfs/rootfs.ts";
import type { Fix } from "./fix.ts";
import { removalFix } from "./late-removal.ts";

/** Returns the fix for files that one instruction adds and another one deletes, if both links are certain. */
export function provenFix(
  view: ImageView,
  dockerfile: DockerfileView,
  group: DeadFileGroup,
  addedIn: number,
): Fix | undefined {
  const adder = stepOf(view, dockerfile, addedIn);
  const remover = stepOf(view, dockerfile, group.hiddenIn);
  if (adder === undefined || remover?.script === undefined || adder === remover) return undefined;
  const removals: FoundRemoval[] = [];
  const dead = new Set<DeadFile>();
  let condition: string | undefined;
  let othersAdd = false;
  for (const command of remover.script.commands) {
    if (!command.certain) continue;
    for (const removal of removed(command, remover)) {
      const path = toBytes(removal.path.slice(1));
      const taken = group.deadFiles.filter((deadFile) => isIn(deadFile.path, path));
      if (taken.length === 0) continue;
      removals.push({ command, removal });
      for (const deadFile of taken) dead.add(deadFile);
      if (!taken.every((deadFile) => isExact(deadFile, path, removal.contentsOnly)))
        condition ??= `the layer of line ${remover.instruction.line} has no whiteout for exactly ${removal.path}`;
      const others = view.rootfs.deadFiles.filter(
        (deadFile) => deadFile.hiddenIn === group.hiddenIn && isIn(deadFile.path, path),
      );
      othersAdd ||= others.some((deadFile) => deadFile.addedIn > addedIn);
      if (others.some((deadFile) => deadFile.addedIn < view.origins.base.layers))
        condition ??= `some of what it deletes in ${removal.path} belongs to the base image`;
    }
  }
  if (removals.length === 0) return undefined;
  const bytes = [...dead].reduce((sum, deadFile) => sum + deadFile.bytes, 0);
  return removalFix({ adder, remover, removals, bytes, condition, othersAdd }, dockerfile);
}

/** Returns the step that made a layer; undefined when the link is a guess. */
export function stepOf({ origins }: ImageView, { steps }: DockerfileView, layer: number): Step | undefined {
  const origin = origins.layers[layer];
  if (origin?.certainty !== "exact" && origin?.certainty !== "aligned") return undefined;
  if (origin.lastInstruction !== undefined && origin.lastInstruction !== origin.instruction) return undefined;
  return steps.find(({ instruction }) => instruction.index === origin.instruction?.index);
}

function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** Returns true if the whiteout is at the path, or directly in it for `rm DIR/*`. */
function isExact({ through, cause }: DeadFile, path: string, contentsOnly: boolean): boolean {
  if (cause !== "deleted") return false;
  if (!contentsOnly) return through === path || through.startsWith(`${path}/`);
  return through.startsWith(`${path}/`);
}
