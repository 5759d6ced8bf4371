import type { DockerfileView, Step } from "../../src/engine/contract.ts";

/**
 * Whether an edit of this instruction may be offered at all (docs/spec/dockerfile.md, "Conditions every rewrite
 * shares"). The engine adds what it can see for every rule: a second parser agrees, no comment suppresses the finding,
 * and the result parses.
 */
export function mayEdit(step: Step, view: DockerfileView): boolean {
  const { instruction, script, stage } = step;
  if (view.file.problems.length > 0 || instruction.trigger !== undefined) return false;
  if (
    instruction.heredocs.some(({ fd, name, delimiter }) => fd !== undefined || /\s/.test(name) || !delimiter)
  )
    return false;
  if (instruction.keyword === "RUN" && (script?.shell !== "posix" || !script.complete)) return false;
  return !view.stages[stage.index]!.windows;
}

/** Every instruction that runs on top of a step: the rest of its stage, and the stages that are FROM it. */
export function stepsAfter(step: Step, view: DockerfileView): Step[] {
  const own = view.stages[step.stage.index]!.steps;
  const after = own.slice(own.indexOf(step) + 1);
  const above = new Set([step.stage.index]);
  for (const { stage, steps } of view.stages) {
    if (stage.parent === undefined || !above.has(stage.parent)) continue;
    above.add(stage.index);
    after.push(...steps);
  }
  return after;
}
