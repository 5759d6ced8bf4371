/** What a build makes of a Dockerfile: the nouns. `resolve-build.ts` makes them. */
import type { ContextSources } from "../context/context.ts";
import type {
  AddInstruction,
  CopyInstruction,
  Dockerfile,
  Instruction,
  OnbuildInstruction,
  RunInstruction,
  Stage,
} from "../dockerfile/dockerfile.ts";
import type { Script } from "../shell/script.ts";

/** What is in force at an instruction of a stage: inherited stages, ENV, ARG, SHELL, USER and WORKDIR before it. */
export interface Scope {
  /** The SHELL words; `["/bin/sh", "-c"]` by default, `["cmd", "/S", "/C"]` on Windows. */
  readonly shell: readonly string[];
  /** Undefined when the base image decides. */
  readonly user: string | undefined;
  /** Absolute; undefined when the base image decides or it depends on an unknown variable. */
  readonly workdir: string | undefined;
  /** Names in force; the value is undefined when it is set but not known. */
  readonly env: ReadonlyMap<string, string | undefined>;
  readonly args: ReadonlyMap<string, string | undefined>;
  /** Both together, as words and RUNs see them. A name that is absent may be set by the base image. */
  readonly variables: ReadonlyMap<string, string | undefined>;
}

/** `--mount` of a RUN, decoded. */
export interface Mount {
  readonly type: string;
  /** Cleaned absolute path where known (variables expanded), else undefined. */
  readonly target: string | undefined;
  readonly options: ReadonlyMap<string, string>;
}

interface AnyStep {
  readonly stage: Stage;
  readonly scope: Scope;
  /** What a RUN executes, in shell or exec form; undefined of other instructions. */
  readonly script: Script | undefined;
  /** For an ONBUILD that holds a RUN: what that executes in the builds of other images. */
  readonly triggered: Script | undefined;
  /** Of a RUN; other instructions have none. */
  readonly mounts: readonly Mount[];
  /** What a COPY or ADD names in the build context; undefined when nothing, or when it is not known. */
  readonly sources: ContextSources | undefined;
}

export interface RunStep extends AnyStep {
  readonly keyword: "RUN";
  readonly instruction: RunInstruction;
  readonly script: Script;
  readonly triggered: undefined;
  readonly sources: undefined;
}

export interface CopyStep extends AnyStep {
  readonly keyword: "COPY" | "ADD";
  readonly instruction: CopyInstruction | AddInstruction;
  readonly script: undefined;
  readonly triggered: undefined;
}

export interface OnbuildStep extends AnyStep {
  readonly keyword: "ONBUILD";
  readonly instruction: OnbuildInstruction;
  readonly script: undefined;
  readonly sources: undefined;
}

export interface PlainStep extends AnyStep {
  readonly keyword: PlainStep["instruction"]["keyword"];
  readonly instruction: Exclude<
    Instruction,
    RunInstruction | CopyInstruction | AddInstruction | OnbuildInstruction
  >;
  readonly script: undefined;
  readonly triggered: undefined;
  readonly sources: undefined;
}

/**
 * One instruction that ends in the image: of the final stage, or of a stage it is FROM, in build order. It narrows on
 * `keyword`, which is that of the instruction, and on `script`.
 */
export type Step = RunStep | CopyStep | OnbuildStep | PlainStep;

/** One stage of the file, whether it ends in the image or not. */
export interface StageView {
  readonly stage: Stage;
  /** Its own instructions without the FROM, in the scope that its parents leave. */
  readonly steps: readonly Step[];
  /** It is the built stage, or one that the built stage is FROM: what it makes ends in the image. */
  readonly exported: boolean;
  /** The build runs it: exported, or named by a stage that the build runs. */
  readonly needed: boolean;
  /** It builds for Windows: by its base, its platform or what it does. */
  readonly windows: boolean;
}

/** A place that names a stage: FROM, COPY --from, RUN --mount=from, by name or number. */
export interface StageReference {
  readonly from: Instruction;
  /** The stage that is named. */
  readonly to: Stage;
}

export interface DockerfileView {
  readonly file: Dockerfile;
  /** The stage that is built, undefined when the file has none. */
  readonly target: Stage | undefined;
  /** The chain that ends in the image, first to last; FROMs are not in it. */
  readonly steps: readonly Step[];
  /** All stages, in the order of the file; the steps of exported ones are those of `steps`. */
  readonly stages: readonly StageView[];
  readonly references: readonly StageReference[];
  /**
   * Whether the frontend that `# syntax=` pins understands what version 1.`minor` of docker/dockerfile brought. Without a
   * pinned version only up to 1.2, which every builder of today has (docs/spec/dockerfile.md, "Frontend floor").
   */
  readonly supportsFrontend: (minor: number) => boolean;
}
