/** Tells whether certain commands run after another one. */
import type { Command } from "../shell/script.ts";
import type { DockerfileView, Step } from "./build.ts";

/**
 * Returns a function that tells whether a command that passes runs after another command: later in its RUN, later in
 * its stage, or in a stage that is FROM it. `passes` is called once for each command of the file, so that the function
 * may be called for all of them.
 */
export function runsAfter(
  { stages }: DockerfileView,
  passes: (command: Command) => boolean,
): (command: Command, step: Step) => boolean {
  const lastIn = new Map<Step, number>();
  const lastAt = new Map<number, number>();
  const positions = new Map<Step, number>();
  for (const { stage, steps } of stages) {
    for (const [at, step] of steps.entries()) {
      positions.set(step, at);
      const last = step.script?.commands.findLast(passes);
      if (last === undefined) continue;
      lastIn.set(step, last.start);
      lastAt.set(stage.index, at);
    }
  }
  // a stage comes after its parent
  const above = new Set<number>();
  for (const { stage } of stages.toReversed()) {
    const isFollowed = lastAt.has(stage.index) || above.has(stage.index);
    if (isFollowed && stage.parent !== undefined) above.add(stage.parent);
  }
  return ({ start }, step) =>
    (lastIn.get(step) ?? -1) > start ||
    (lastAt.get(step.stage.index) ?? -1) > (positions.get(step) ?? Infinity) ||
    above.has(step.stage.index);
}
