/** Options of the use cases: plain data, the same for the command and the library. */
import { builderNames, type BuilderName } from "../build/builders.ts";
import type { OutputForm } from "../image/forms.ts";
import type { Progress } from "../image/image.ts";
import { failLevels, ruleLevels, type FailLevel, type RuleLevel } from "../lint/settings.ts";
import { presets, type Preset, type Rule } from "../rule/contract.ts";

export { outputForms, type OutputForm } from "../image/forms.ts";
export type { ConfigKey } from "../lint/config/config.ts";
export { builderNames, failLevels, presets, ruleLevels, type FailLevel, type Preset, type Progress };

/** A Dockerfile in memory. It is treated as if the file `name` held this text; nothing is ever written to it. */
export interface DockerfileText {
  /** A path, which selects the configuration and the build context; `-` selects no file's. */
  readonly name: string;
  readonly text: string;
}

/** The path of a Dockerfile, folder, image archive or OCI layout; `-` for `RunOptions.stdin`; or a text in memory. */
export type TargetInput = string | DockerfileText;

/** Selects an image of a source, and its platform. */
export interface ImageOptions {
  /** Which platform of a multi-platform image, as `os/arch[/variant]`. */
  readonly platform?: string | undefined;
  /** Which image of an archive that holds several. */
  readonly tag?: string | undefined;
  /** Reads images beyond 10 million entries, and layers that inflate beyond 1000-fold and 16 GiB. */
  readonly allowHuge?: boolean | undefined;
}

/** Facts about the build that made the image. */
export interface BuildOptions {
  /** The base image: a number of layers, or an image file that the FROM names. */
  readonly base?: string | number | undefined;
  /** The stage that was built, by name or number; default: the last. */
  readonly target?: string | undefined;
}

/** Selects rules and the configuration. */
export interface RuleSelection {
  /** A configuration file instead of the nearest one above each Dockerfile; `false` for none. */
  readonly config?: string | false | undefined;
  /**
   * Files (`./rules.js`, from the working folder) and packages that export further rules. Their code is executed. The
   * configuration that `config` names may name more plugins; a discovered one may not.
   */
  readonly plugins?: readonly string[] | undefined;
  readonly preset?: Preset | undefined;
  /** Only these rules, by id or alias. */
  readonly only?: readonly string[] | undefined;
  /** All rules except these. */
  readonly skip?: readonly string[] | undefined;
  /** Levels of rules, by id or alias; as texts `rule=level`. */
  readonly severity?: Readonly<Record<string, RuleLevel>> | readonly string[] | undefined;
}

/** Conditions under which a run fails (`summary.failed` of the report). */
export interface GateOptions {
  /** Default: the configuration's value, or `warning`. */
  readonly failOn?: FailLevel | undefined;
  /** Largest allowed avoidable size: `10MB`, `1.5GiB`, or a share of the content above the base: `5%`. */
  readonly maxWaste?: string | undefined;
  /** Avoidable size below which a share is never exceeded. */
  readonly minWaste?: string | undefined;
}

/** How targets are read and judged. Plain data, so that it can be sent to another thread. */
export interface TargetOptions extends ImageOptions, BuildOptions, RuleSelection, GateOptions {
  /**
   * The builder of the Dockerfile, which decides what is safe. Default: the configuration's value, or what the history of
   * the image or `# syntax=` tells.
   */
  readonly builder?: BuilderName | undefined;
  /** The build context; default: the folder of the Dockerfile. */
  readonly context?: string | undefined;
  /** Checks the digest of every blob and every layer's diff ID. */
  readonly verify?: boolean | undefined;
  /** Lists every dead file in the report, not only the largest 100. */
  readonly all?: boolean | undefined;
}

/** How an image is rewritten. */
export interface RewriteOptions extends ImageOptions, BuildOptions {
  /** Where the new image goes: a name that does not exist, or an empty folder. */
  readonly output?: string | undefined;
  /** Only reports what would be done. */
  readonly dryRun?: boolean | undefined;
  /** Format of the output. Default: the format of the input; an OCI layout for a name without `.tar`. */
  readonly to?: OutputForm | undefined;
  /** A new file for the proof, as JSON. */
  readonly proof?: string | undefined;
  /** Also drops entries that rewrite a file with the same content and attributes. */
  readonly drop?: "identical" | undefined;
  /** Removes files that the rule leftover-cache proves, although containers see them: `caches`, `logs`. */
  readonly prune?: readonly string[] | undefined;
  /** Stores layers as `gzip[:0-9]`, `zstd[:1-22]` or `none`. */
  readonly recompress?: string | undefined;
  /** Also recompresses the layers of the base. */
  readonly recompressBase?: boolean | undefined;
  /** Merges neighbouring layers: `auto`, `above-base`, `all`, or their numbers: `3-5,7-9`. */
  readonly squash?: string | undefined;
  /** Replaces markers that runtimes misread, also in layers without dead files. */
  readonly repair?: boolean | undefined;
  /** Other images that share layers with this one; the shared layers are not changed. */
  readonly with?: readonly string[] | undefined;
}

/** Selects the compared images, and the differences to ignore. */
export interface ComparisonOptions {
  readonly platform?: string | undefined;
  readonly allowHuge?: boolean | undefined;
  /** Which image of an archive that holds several; two values apply to the first and the second archive. */
  readonly tag?: string | readonly string[] | undefined;
  /** `time`, `owner`, `mode`, `xattr`, `links`, `content`, `config`, `logs`, `caches`, and absolute paths. */
  readonly ignore?: readonly string[] | undefined;
}

/** Observes and ends a run. */
export interface RunOptions {
  /** Ends the run, which rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called often while images are read. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** The stream that the target `-` reads. */
  readonly stdin?: NodeJS.ReadableStream | undefined;
}

export interface LintOptions extends TargetOptions, RunOptions {
  /**
   * Called with a line for each target that cannot be read, and for each rule that crashes; the report covers the
   * rest. Without it, the first problem is thrown.
   */
  readonly onProblem?: ((message: string) => void) | undefined;
  /** Additional rules, made by `defineRule`. */
  readonly rules?: readonly Rule[] | undefined;
}

export interface FixOptions extends LintOptions {
  /** Also applies fixes that may change what the image does. */
  readonly unsafe?: boolean | undefined;
  /** `false`: no file is written. */
  readonly write?: boolean | undefined;
}

export type InspectOptions = Omit<LintOptions, keyof GateOptions>;
export type OptimizeOptions = RewriteOptions & RunOptions;
export type CompareOptions = ComparisonOptions & RunOptions;

/** Splits lists at commas: `a,b` and `c` → a, b, c. */
export function splitList(values: readonly string[]): string[] {
  return values
    .flatMap((value) => value.split(","))
    .map((value) => value.trim())
    .filter((value) => value !== "");
}
