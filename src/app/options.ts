/** What the use cases take: plain data, the same for the command and for the library. */
import type { Progress } from "../image/image.ts";
import type { OutputForm } from "../image/forms.ts";
import { failLevels, ruleLevels, type FailLevel, type RuleLevel } from "../lint/settings.ts";
import { presets, type Preset, type Rule } from "../rule/contract.ts";

export { outputForms, type OutputForm } from "../image/forms.ts";
export type { ConfigKey } from "../lint/config/config.ts";
export { failLevels, presets, ruleLevels, type FailLevel, type Preset, type Progress };

/** A Dockerfile in memory. It is treated as if the file `name` held this text; nothing is ever written to it. */
export interface DockerfileText {
  /** A path. It decides which configuration and which build context count; `-`: none of a file's. */
  readonly name: string;
  readonly text: string;
}

/** The path of a Dockerfile, folder, image archive or OCI layout; `-` for `RunOptions.stdin`; or a text in memory. */
export type TargetInput = string | DockerfileText;

/** Which image, and what of it. */
export interface ImageOptions {
  /** Which platform of a multi-platform image, as `os/arch[/variant]`. */
  readonly platform?: string | undefined;
  /** Which image of an archive that holds several. */
  readonly tag?: string | undefined;
  /** Reads images beyond 10 million entries, and layers that inflate beyond 1000-fold and 16 GiB. */
  readonly allowHuge?: boolean | undefined;
}

/** What is known of the build that made the image. */
export interface BuildOptions {
  /** The base image: a number of layers, or an image file that the FROM names. */
  readonly base?: string | number | undefined;
  /** The stage that was built, by name or number; default: the last. */
  readonly target?: string | undefined;
}

/** Which rules run, and where a configuration comes from. */
export interface RuleSelection {
  /** A configuration file instead of the nearest above each Dockerfile; `false`: none. */
  readonly config?: string | false | undefined;
  /**
   * Files (`./rules.js`, from the working folder) and packages that export further rules. They are code that runs. The
   * configuration that `config` names may name more; one that is found may not.
   */
  readonly plugins?: readonly string[] | undefined;
  readonly preset?: Preset | undefined;
  /** Only these rules, by id or alias. */
  readonly only?: readonly string[] | undefined;
  /** All but these. */
  readonly skip?: readonly string[] | undefined;
  /** Levels of rules, by id or alias; as texts `rule=level`. */
  readonly severity?: Readonly<Record<string, RuleLevel>> | readonly string[] | undefined;
}

/** What makes a run fail, which is `summary.failed` of the report. */
export interface GateOptions {
  /** Default: what the configuration says, or `warning`. */
  readonly failOn?: FailLevel | undefined;
  /** How much may be avoidable: `10MB`, `1.5GiB`, or a share of the content above the base: `5%`. */
  readonly maxWaste?: string | undefined;
  /** Below this a share is never exceeded. */
  readonly minWaste?: string | undefined;
}

/** How targets are read and judged. Plain data, which another thread can be given. */
export interface TargetOptions extends ImageOptions, BuildOptions, RuleSelection, GateOptions {
  /** The folder that the build is given; default: that of the Dockerfile. */
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
  /** Only says what would be done. */
  readonly dryRun?: boolean | undefined;
  /** Default: the form of the input; an OCI layout for a name without `.tar`. */
  readonly to?: OutputForm | undefined;
  /** A file for the proof, as JSON. */
  readonly proof?: string | undefined;
  /** Drops also what rewrites the same file, content and attributes alike. */
  readonly drop?: "identical" | undefined;
  /** Removes what the rule leftover-cache proves, although containers see it: `caches`, `logs`. */
  readonly prune?: readonly string[] | undefined;
  /** Stores layers as `gzip[:0-9]`, `zstd[:1-22]` or `none`. */
  readonly recompress?: string | undefined;
  /** Those of the base, too. */
  readonly recompressBase?: boolean | undefined;
  /** Merges neighbouring layers: `auto`, `above-base`, `all`, or their numbers: `3-5,7-9`. */
  readonly squash?: string | undefined;
  /** Replaces markers that runtimes misread, also in layers with nothing to drop. */
  readonly repair?: boolean | undefined;
  /** Other images whose layers are shared with this one: they stay as they are. */
  readonly with?: readonly string[] | undefined;
}

/** Which images are compared, and what may differ. */
export interface ComparisonOptions {
  readonly platform?: string | undefined;
  readonly allowHuge?: boolean | undefined;
  /** Which image of an archive that holds several; two: of the one, then of the other. */
  readonly tag?: string | readonly string[] | undefined;
  /** `time`, `owner`, `mode`, `xattr`, `links`, `content`, `config`, `logs`, `caches`, and absolute paths. */
  readonly ignore?: readonly string[] | undefined;
}

/** How a run is watched and ended. */
export interface RunOptions {
  /** Ends the run, which rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called often while images are read. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** What the target `-` is read from. */
  readonly stdin?: NodeJS.ReadableStream | undefined;
}

export interface LintOptions extends TargetOptions, RunOptions {
  /**
   * Called with a line for each target that cannot be read, and for each rule that crashes; the report is about the rest.
   * Without it the first of them is thrown.
   */
  readonly onProblem?: ((message: string) => void) | undefined;
  /** Own rules, made by `defineRule`, which run beside those of layerlint. */
  readonly rules?: readonly Rule[] | undefined;
}

export interface FixOptions extends LintOptions {
  /** Applies also the fixes that may change what the image does. */
  readonly unsafe?: boolean | undefined;
  /** `false`: files stay as they are. */
  readonly write?: boolean | undefined;
}

export type InspectOptions = Omit<LintOptions, keyof GateOptions>;
export type OptimizeOptions = RewriteOptions & RunOptions;
export type CompareOptions = ComparisonOptions & RunOptions;

/** `a,b` and `c` → a, b, c. */
export function splitList(values: readonly string[]): string[] {
  return values
    .flatMap((value) => value.split(","))
    .map((value) => value.trim())
    .filter((value) => value !== "");
}
