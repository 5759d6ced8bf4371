/** The input of the remedies: a cache that a RUN leaves. */
import type { ImageView } from "../../analysis/subject.ts";
import type { DockerfileView, RunStep } from "../../build/build.ts";
import type { TextEdit } from "../../dockerfile/dockerfile.ts";
import type { CachingTool } from "../../knowledge/tool.ts";
import type { Command } from "../../shell/script.ts";

/** A cache that a RUN of the exported chain leaves. */
export interface UncleanedCache {
  readonly view: DockerfileView;
  readonly step: RunStep;
  readonly manager: CachingTool;
  /** Index of the cache in the manager's record. */
  readonly index: number;
  /** The commands of the RUN that fill the cache, in order; empty if only the layers show it. */
  readonly commands: readonly Command[];
  /** The image that the Dockerfile built. */
  readonly image?: ImageView | undefined;
  /** Returns the content bytes in the layer of the files whose path matches. */
  readonly bytesOf?: (takes: RegExp | undefined) => number;
}

/** Edits with their condition; undefined when they are safe. */
export interface CandidateFix {
  readonly description: string;
  readonly edits: readonly TextEdit[];
  readonly condition: string | undefined;
}
