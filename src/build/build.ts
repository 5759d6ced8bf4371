/** The types of a resolved build: stages, steps, scopes and mounts. `resolve-build.ts` makes them. */
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
import type { BuilderName } from "./builders.ts";

/** The ENV, ARG, SHELL, USER and WORKDIR in force at an instruction, parent stages included. */
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
  /** ENV and ARG together, as words and RUNs see them. A name that is absent may be set by the base image. */
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
  /** The script of a RUN, in shell or exec form; undefined for other instructions. */
  readonly script: Script | undefined;
  /** The script of an ONBUILD RUN, which runs when another image is built on this one. */
  readonly triggered: Script | undefined;
  /** Mounts of a RUN; empty for other instructions. */
  readonly mounts: readonly Mount[];
  /** The sources of a COPY or ADD in the build context; undefined when it has none, or when they are unknown. */
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

/** One instruction with its scope. Narrows on `keyword`, which is the instruction's, and on `script`. */
export type Step = RunStep | CopyStep | OnbuildStep | PlainStep;

/** One stage of the file, whether it ends in the image or not. */
export interface StageView {
  readonly stage: Stage;
  /** The stage's own instructions without the FROM, in the scope of its parents. */
  readonly steps: readonly Step[];
  /** True for the built stage and its parents, whose layers are in the image. */
  readonly exported: boolean;
  /** True when the build runs the stage: it is exported, or referenced by a stage that the build runs. */
  readonly needed: boolean;
  /** True when the stage builds for Windows, by its base, its platform or its commands. */
  readonly windows: boolean;
}

/** A reference to a stage: FROM, COPY --from, RUN --mount=from, by name or number. */
export interface StageReference {
  readonly from: Instruction;
  /** The referenced stage. */
  readonly to: Stage;
}

/** What the configuration of a base image sets for the stages FROM it. Unknown parts are undefined. */
export interface Inherited {
  readonly shell: readonly string[] | undefined;
  readonly user: string | undefined;
  /** Absolute. */
  readonly workdir: string | undefined;
  readonly env: readonly (readonly [name: string, value: string])[];
  /** The instructions of ONBUILD, which run right after the FROM, as written. */
  readonly triggers: readonly string[];
}

export interface DockerfileView {
  readonly file: Dockerfile;
  /** The stage that is built; undefined when the file has no stages. */
  readonly target: Stage | undefined;
  /** The steps whose results are in the image, in build order, without the FROMs. */
  readonly steps: readonly Step[];
  /**
   * The steps of the base's ONBUILD, which run before `steps`. They have no place in the file: their offsets and lines
   * mean nothing.
   */
  readonly triggers: readonly Step[];
  /** What the base of the target sets; undefined when unknown. */
  readonly inherited: Inherited | undefined;
  /** All stages, in the order of the file; the steps of exported ones are those of `steps`. */
  readonly stages: readonly StageView[];
  readonly references: readonly StageReference[];
  /** The builder, by `--builder`, the history of the image, or `# syntax=`; undefined when unknown. */
  readonly builder: BuilderName | undefined;
  /**
   * Returns true if the frontend supports the syntax of docker/dockerfile 1.`minor`, by the version that `# syntax=`
   * pins. Without a pin the version is 1.2, which every current builder supports (docs/spec/dockerfile.md, "Frontend
   * floor"). The classic builder supports no version.
   */
  readonly supportsFrontend: (minor: number) => boolean;
}
