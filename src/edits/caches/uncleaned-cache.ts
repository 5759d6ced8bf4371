/** A cache that a RUN leaves, as the remedies see it. */
import type { DockerfileView, RunStep } from "../../build/build.ts";
import type { TextEdit } from "../../dockerfile/dockerfile.ts";
import type { Command } from "../../shell/script.ts";
import type { CachingTool } from "../../knowledge/tool.ts";

/** A cache that a RUN of the exported chain leaves. */
export interface UncleanedCache {
  readonly view: DockerfileView;
  readonly step: RunStep;
  readonly manager: CachingTool;
  /** Of the cache in the manager's record. */
  readonly index: number;
  /** The commands of the RUN that fill it, in their order; empty where only the layers show it. */
  readonly commands: readonly Command[];
  /** Content bytes in the layer, of the files whose path matches. */
  readonly bytesOf?: (takes: RegExp | undefined) => number;
}

/** Edits, with why they are not safe: undefined when they are. */
export interface CandidateFix {
  readonly description: string;
  readonly edits: readonly TextEdit[];
  readonly condition: string | undefined;
}
