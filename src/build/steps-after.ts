/** Finds the steps that run after a step. */
import { itemAt } from "../must.ts";
import type { DockerfileView, Step } from "./build.ts";

/** Returns every step that runs on top of a step: the rest of its stage, and the stages that are FROM it. */
export function stepsAfter(step: Step, view: DockerfileView): Step[] {
  const own = itemAt(view.stages, step.stage.index).steps;
  const after = own.slice(own.indexOf(step) + 1);
  const above = new Set([step.stage.index]);
  for (const { stage, steps } of view.stages) {
    if (stage.parent === undefined || !above.has(stage.parent)) continue;
    above.add(stage.index);
    after.push(...steps);
  }
  return after;
}
