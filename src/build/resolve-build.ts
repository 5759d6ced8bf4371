/** Resolves the build of a Dockerfile: stages, their references, and the steps whose results are in the image. */
import {
  heldInstruction,
  type Dockerfile,
  type Instruction,
  type RunInstruction,
  type Stage,
} from "../dockerfile/dockerfile.ts";
import type { Variables } from "../dockerfile/expand.ts";
import { parseDockerfile } from "../dockerfile/parse.ts";
import { UserError } from "../errors.ts";
import { itemAt } from "../must.ts";
import { parseScript } from "../shell/parse-script.ts";
import type { Script } from "../shell/script.ts";
import type { DockerfileView, Inherited, Mount, Scope, StageReference, StageView, Step } from "./build.ts";
import type { BuilderName } from "./builders.ts";
import { contextSources } from "./context-sources.ts";
import { mountsOf } from "./mounts.ts";
import { after, baseScope, expandIn, globalArgs, withInherited, type BuildScope } from "./scope.ts";
import { isWindows } from "./windows.ts";

export interface ViewOptions {
  /** `--target`: a stage by name or number. */
  readonly target?: string;
  /** `--builder`, or the builder that the history of the image shows. */
  readonly builder?: BuilderName;
  /** What the base of the target sets. It applies to every stage FROM the same image. */
  readonly inherited?: Inherited;
}

/** Resolves the build of a target, by default the last stage. Throws `UserError` when the file has no such stage. */
export function resolveBuild(file: Dockerfile, options: ViewOptions = {}): DockerfileView {
  const target = options.target === undefined ? file.stages.at(-1) : findStage(file, options.target);
  const chain = target === undefined ? [] : chainOf(file, target);
  const global = globalArgs(file);
  const { inherited } = options;
  const [root] = chain;
  let triggers: readonly Step[] = [];
  const all: BuiltStage[] = [];
  for (const stage of file.stages) {
    const parent = stage.parent === undefined ? undefined : all[stage.parent];
    let scope = parent?.end ?? baseScope(stage, file);
    if (inherited !== undefined && root !== undefined && isSameBase(stage, root)) {
      const begun = begin(withInherited(scope, inherited), inherited, stage, global);
      scope = begun.scope;
      if (stage === root) triggers = begun.triggers;
    }
    const steps: Step[] = [];
    for (const instruction of stage.instructions) {
      steps.push(makeStep(file, stage, instruction, scope));
      scope = after(scope, instruction, global, file.escape);
    }
    const windows = parent?.windows === true || isWindows(stage, file);
    all.push({ stage, steps, windows, end: scope });
  }
  const references = readReferences(file, all);
  const exported = new Set(chain);
  const needed = reachable(target, references);
  const frontend = frontendOf(file);
  // only BuildKit obeys the directive
  const builder = options.builder ?? (frontend === undefined ? undefined : "buildkit");
  return {
    file,
    target,
    steps: chain.flatMap((stage) => itemAt(all, stage.index).steps),
    triggers,
    inherited,
    stages: all.map(({ stage, steps, windows }) => ({
      stage,
      steps,
      exported: exported.has(stage),
      needed: needed.has(stage),
      windows,
    })),
    references,
    builder,
    supportsFrontend: (minor) => builder !== "docker-classic" && minor <= (frontend ?? 2),
  };
}

interface BuiltStage extends Pick<StageView, "stage" | "steps" | "windows"> {
  /** The scope after the stage's last instruction. */
  readonly end: BuildScope;
}

/** Returns true if both stages are FROM one image, not from a stage. */
function isSameBase(stage: Stage, root: Stage): boolean {
  if (stage === root) return true;
  return (
    stage.parent === undefined &&
    stage.expandedImage !== undefined &&
    stage.expandedImage === root.expandedImage &&
    stage.platform === root.platform
  );
}

/** Runs the triggers of the base's ONBUILD. */
function begin(
  start: BuildScope,
  { triggers: lines }: Inherited,
  stage: Stage,
  global: Variables,
): { readonly scope: BuildScope; readonly triggers: readonly Step[] } {
  let scope = start;
  if (lines.length === 0) return { scope, triggers: [] };
  const file = parseDockerfile(`FROM base\n${lines.join("\n")}\n`, "ONBUILD");
  const triggers: Step[] = [];
  for (const instruction of file.stages[0]?.instructions ?? []) {
    triggers.push(makeStep(file, stage, instruction, scope));
    scope = after(scope, instruction, global, file.escape);
  }
  return { scope, triggers };
}

/** Returns the references to stages by FROM, COPY --from and RUN --mount=from. */
function readReferences(file: Dockerfile, all: readonly BuiltStage[]): StageReference[] {
  const references: StageReference[] = [];
  for (const { stage, steps } of all) {
    const parent = stage.parent === undefined ? undefined : file.stages[stage.parent];
    if (parent !== undefined) references.push({ from: stage.from, to: parent });
    for (const { instruction, mounts, scope } of steps) {
      const names = heldInstruction(instruction)
        .flags.filter(({ name }) => name === "from")
        .map(({ value }) => value);
      for (const mount of mounts) names.push(mount.options.get("from"));
      for (const name of names) {
        const known = name === undefined ? undefined : expandIn(scope, name, file.escape);
        const to = known === undefined ? undefined : earlierStage(file, known, stage.index);
        if (to !== undefined) references.push({ from: instruction, to });
      }
    }
  }
  return references;
}

/** Finds an earlier stage by name, the last one that has it, or by number. */
function earlierStage(file: Dockerfile, name: string, before: number): Stage | undefined {
  const wanted = name.toLowerCase();
  const named = file.stages.slice(0, before).findLast((stage) => stage.name === wanted);
  if (named !== undefined) return named;
  return /^\d+$/.test(name) && Number(name) < before ? file.stages[Number(name)] : undefined;
}

/** Returns the stages that a build of the target runs. */
function reachable(target: Stage | undefined, references: readonly StageReference[]): Set<Stage> {
  const found = new Set<Stage>(target === undefined ? [] : [target]);
  const targets = new Map<number | undefined, Stage[]>();
  for (const { from, to } of references) {
    const known = targets.get(from.stage);
    if (known === undefined) targets.set(from.stage, [to]);
    else known.push(to);
  }
  for (const stage of found) for (const to of targets.get(stage.index) ?? []) found.add(to);
  return found;
}

/** Returns N of `# syntax=docker/dockerfile:1.N`; undefined without the directive, and for other frontends. */
function frontendOf(file: Dockerfile): number | undefined {
  const syntax = file.directives.find(({ name }) => name === "syntax")?.value ?? "";
  const found = /^(?:docker\.io\/)?docker\/dockerfile(?:-upstream)?(?::([\w.-]+))?(?:@.*)?$/.exec(syntax);
  if (found === null) return undefined;
  const tag = found[1] ?? (syntax.includes("@") ? "" : "latest");
  // these tags move: at build time they name the newest version
  if (/^(?:1|latest|labs|1-labs|master)$/.test(tag)) return Infinity;
  const minor = /^1\.(\d+)/.exec(tag)?.[1];
  return minor === undefined ? undefined : Number(minor);
}

/** Returns `target` and its parents, first to last. */
function chainOf(file: Dockerfile, target: Stage): Stage[] {
  const chain: Stage[] = [];
  let stage: Stage | undefined = target;
  while (stage !== undefined) {
    chain.push(stage);
    stage = stage.parent === undefined ? undefined : file.stages[stage.parent];
  }
  return chain.toReversed();
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

// no object spread, which would take longer than the rest of this function
function makeStep(file: Dockerfile, stage: Stage, instruction: Instruction, scope: Scope): Step {
  const parse = (run: RunInstruction) =>
    parseScript({
      instruction: run,
      text: file.text,
      shell: scope.shell,
      workdir: scope.workdir,
      variables: scope.variables,
    });
  switch (instruction.keyword) {
    case "RUN": {
      let script: Script | undefined;
      return {
        keyword: "RUN",
        instruction,
        stage,
        scope,
        mounts: mountsOf(instruction, scope, file.escape),
        sources: undefined,
        triggered: undefined,
        get script() {
          return (script ??= parse(instruction));
        },
      };
    }
    case "COPY":
    case "ADD": {
      const sources = contextSources(instruction, scope, file.escape);
      const { keyword } = instruction;
      return { keyword, instruction, stage, scope, mounts, sources, triggered: undefined, script: undefined };
    }
    case "ONBUILD": {
      const { trigger } = instruction;
      let triggered: Script | undefined;
      return {
        keyword: "ONBUILD",
        instruction,
        stage,
        scope,
        mounts,
        sources: undefined,
        get triggered() {
          return trigger?.keyword === "RUN" ? (triggered ??= parse(trigger)) : undefined;
        },
        script: undefined,
      };
    }
    default: {
      const { keyword } = instruction;
      return {
        keyword,
        instruction,
        stage,
        scope,
        mounts,
        sources: undefined,
        triggered: undefined,
        script: undefined,
      };
    }
  }
}

/** Mounts of every instruction other than RUN. */
const mounts: readonly Mount[] = [];
