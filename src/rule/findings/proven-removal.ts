/** The late removal that the layers prove: which words of which command took the files that died. */
import { removed, type FoundRemoval } from "../../analysis/steps/removals.ts";
import type { ImageView } from "../../analysis/subject.ts";
import type { DockerfileView, Step } from "../../build/build.ts";
import type { Fix } from "../../edits/fix.ts";
import { toBytes } from "../../format.ts";
import type { Death } from "../../rootfs/rootfs.ts";
import { removalFix } from "../../edits/late-removal.ts";
import type { DeathGroup } from "./dead-files.ts";

/** An edit for what one instruction adds and another one deletes, when both are known for sure. */
export function provenFix(
  view: ImageView,
  dockerfile: DockerfileView,
  group: DeathGroup,
  addedIn: number,
): Fix | undefined {
  const adder = stepOf(view, dockerfile, addedIn);
  const killer = stepOf(view, dockerfile, group.killedIn);
  if (adder === undefined || killer?.script === undefined || adder === killer) return undefined;
  const removals: FoundRemoval[] = [];
  const dead = new Set<Death>();
  let doubt: string | undefined;
  let othersAdd = false;
  for (const command of killer.script.commands) {
    if (!command.certain) continue;
    for (const removal of removed(command, killer)) {
      const path = toBytes(removal.path.slice(1));
      const taken = group.deaths.filter((death) => isIn(death.path, path));
      if (taken.length === 0) continue;
      removals.push({ command, removal });
      for (const death of taken) dead.add(death);
      if (!taken.every((death) => isExact(death, path, removal.contentsOnly)))
        doubt ??= `the layer of line ${killer.instruction.line} has no whiteout for exactly ${removal.path}`;
      const others = view.rootfs.deaths.filter(
        (death) => death.killedIn === group.killedIn && death.addedIn !== addedIn && isIn(death.path, path),
      );
      othersAdd ||= others.some((death) => death.addedIn > addedIn);
      if (others.some((death) => death.addedIn < view.origins.base.layers))
        doubt ??= `some of what it deletes in ${removal.path} belongs to the base image`;
    }
  }
  if (removals.length === 0) return undefined;
  const bytes = [...dead].reduce((sum, death) => sum + death.bytes, 0);
  return removalFix({ adder, killer, removals, bytes, doubt, othersAdd }, dockerfile);
}

/** The step that made a layer, when that is no guess. */
export function stepOf({ origins }: ImageView, { steps }: DockerfileView, layer: number): Step | undefined {
  const origin = origins.layers[layer];
  if (origin?.certainty !== "exact" && origin?.certainty !== "aligned") return undefined;
  if (origin.lastInstruction !== undefined && origin.lastInstruction !== origin.instruction) return undefined;
  return steps.find(({ instruction }) => instruction.index === origin.instruction?.index);
}

function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** The whiteout names the path, or something directly in it where the rm says `*`. */
function isExact({ through, cause }: Death, path: string, contentsOnly: boolean): boolean {
  if (cause !== "deleted") return false;
  if (!contentsOnly) return through === path || through.startsWith(`${path}/`);
  return through.startsWith(`${path}/`);
}
