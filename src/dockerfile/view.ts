/** The part of a Dockerfile that ends in the image: the chain of stages up to the one that is built. */
import type { DockerfileView, Scope, Step } from "../engine/contract.ts";
import { UserError } from "../errors.ts";
import { parseScript } from "../shell/parse-script.ts";
import type { Script } from "../shell/script.ts";
import type { Dockerfile, Instruction, Stage } from "./dockerfile.ts";
import { mountsOf } from "./mounts.ts";
import { after, baseScope, globalArgs, variables } from "./scope.ts";

export interface ViewOptions {
  /** `--target`: a stage by name or number. */
  readonly target?: string;
}

/** Throws `UserError` when the target is not a stage of the file. */
export function view(file: Dockerfile, options: ViewOptions = {}): DockerfileView {
  const target = options.target === undefined ? file.stages.at(-1) : findStage(file, options.target);
  const steps: Step[] = [];
  if (target !== undefined) {
    const chain = chainOf(file, target);
    const global = globalArgs(file);
    let scope = baseScope(chain[0]!);
    for (const stage of chain) {
      for (const instruction of stage.instructions) {
        steps.push(makeStep(file, stage, instruction, scope));
        scope = after(scope, instruction, global, file.escape);
      }
    }
  }
  return { file, target, steps };
}

/** The stages FROM each other that end in `target`, first to last. */
function chainOf(file: Dockerfile, target: Stage): Stage[] {
  const chain = [target];
  for (let parent = target.parent; parent !== undefined; parent = chain[0]!.parent) {
    chain.unshift(file.stages[parent]!);
  }
  return chain;
}

function findStage(file: Dockerfile, wanted: string): Stage {
  const name = wanted.toLowerCase();
  const named = file.stages.findLast((stage) => stage.name === name);
  if (named !== undefined) return named;
  const numbered = /^\d+$/.test(wanted) ? file.stages[Number(wanted)] : undefined;
  if (numbered !== undefined) return numbered;
  const known = file.stages.map((stage) => stage.name ?? String(stage.index)).join(", ");
  const hint = known === "" ? "it has no stages" : `its stages are ${known}`;
  throw new UserError(`${file.name}: no stage "${wanted}": ${hint}`);
}

function makeStep(file: Dockerfile, stage: Stage, instruction: Instruction, scope: Scope): Step {
  const isRun = instruction.keyword === "RUN";
  let script: Script | undefined;
  return {
    instruction,
    stage,
    scope,
    mounts: isRun ? mountsOf(instruction, scope, file.escape) : [],
    get script() {
      if (!isRun) return undefined;
      return (script ??= parseScript({
        instruction,
        text: file.text,
        shell: scope.shell,
        workdir: scope.workdir,
        variables: variables(scope),
      }));
    },
  };
}
