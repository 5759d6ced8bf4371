/** The rule contract: all that a file in rules/ may import from src. */
import type { BuildContext, ContextSources } from "../context/context.ts";
import type { Dockerfile, Instruction, Range, Stage } from "../dockerfile/dockerfile.ts";
import type { BytePath, Entry, Image } from "../image/image.ts";
import type { Origins } from "../origin/origin.ts";
import type { RootFs } from "../rootfs/rootfs.ts";
import type { Script } from "../shell/script.ts";

export type * from "../context/context.ts";
export type * from "../dockerfile/dockerfile.ts";
export type {
  BytePath,
  Compression,
  Digest,
  Entry,
  EntryKind,
  HistoryEntry,
  Image,
  ImageConfig,
  Layer,
} from "../image/image.ts";
export type * from "../origin/origin.ts";
export type * from "../rootfs/rootfs.ts";
export type * from "../shell/script.ts";
export * from "./words.ts";

export type Severity = "error" | "warning" | "info";
export type Evidence = "dockerfile" | "layers" | "both";
export type Safety = "safe" | "unsafe";

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

/** One instruction that ends in the image: of the final stage, or of a stage it is FROM, in build order. */
export interface Step {
  readonly instruction: Instruction;
  readonly stage: Stage;
  readonly scope: Scope;
  /** For RUN in shell or exec form; undefined otherwise. */
  readonly script: Script | undefined;
  /** For an ONBUILD that holds a RUN: what that executes in the builds of other images. */
  readonly triggered: Script | undefined;
  /** For RUN. */
  readonly mounts: readonly Mount[];
  /** For COPY and ADD: what they name in the build context; undefined when nothing, or when it is not known. */
  readonly sources: ContextSources | undefined;
}

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
   * Whether the frontend that `# syntax=` pins understands what version 1.`minor` of docker/dockerfile brought. Without
   * a pinned version only up to 1.2, which every builder of today has (docs/spec/dockerfile.md, "Frontend floor").
   */
  readonly understands: (minor: number) => boolean;
}

export interface ImageView {
  readonly image: Image;
  readonly rootfs: RootFs;
  readonly origins: Origins;
  /**
   * Number of base layers that cannot be rewritten: the boundary `optimize` would use (docs/spec/layers.md, rule 7).
   */
  readonly fixedLayers: number;
  /** Layers that `optimize` leaves as they are because runtimes read them differently, where that was planned. */
  readonly refused?: ReadonlySet<number>;
}

/** What a run looks at: a Dockerfile, an image, or both. Linked means both, and the image's history matches the Dockerfile. */
export interface Subject {
  readonly dockerfile: DockerfileView | undefined;
  readonly image: ImageView | undefined;
  /** The folder that the build is given, where it is known. Asking it reads the disk: last, and only where it matters. */
  readonly context: BuildContext | undefined;
  /** Both are there and `origins.matches`: findings about layers can name lines, and predictions must step back where layers speak. */
  readonly linked: boolean;
  /** The comments of the Dockerfile that silence rules; for `late` rules only. */
  readonly ignores?: readonly IgnoreComment[];
}

/** A comment that silences rules, and what became of it. */
export interface IgnoreComment extends Range {
  readonly tool: "layerlint" | "hadolint" | "buildkit";
  /** None: it names no rule. */
  readonly names: readonly IgnoredName[];
  /** All of it silenced nothing, and could not have. */
  readonly unused: boolean;
  /** What of it is not understood, or names what is not there. */
  readonly problems: readonly (Range & { readonly message: string })[];
  /** Takes out what is unused, where that changes nothing else. */
  readonly removal: readonly TextEdit[] | undefined;
}

export interface IgnoredName extends Range {
  readonly name: string;
  readonly unused: boolean;
}

/**
 * Where a finding is. `instruction`: a place in the Dockerfile; `range` narrows it (UTF-16 offsets). `layer`: a layer of
 * the image, whose linked instruction the engine adds by itself; `path` a file in it. The engine turns this into lines,
 * columns and targets, and puts the place in the Dockerfile first.
 */
export interface Place {
  readonly instruction?: Instruction | undefined;
  readonly range?: Range | undefined;
  readonly layer?: number | undefined;
  readonly path?: BytePath | undefined;
  /** A few words for this place: "added here", "deleted here". */
  readonly label?: string | undefined;
  /** A comment over the instruction of this place silences the finding, as one over that of its first place does. */
  readonly silences?: true;
}

export interface TextEdit extends Range {
  readonly text: string;
}

/**
 * A fix is data; one place applies it. Without `edits` and `creates` it describes an image operation. Of several fixes of
 * a finding the first that is allowed is applied.
 */
export interface Fix {
  readonly description: string;
  readonly safety: Safety;
  /** Why it is unsafe; required when it is. */
  readonly condition?: string;
  /** Of the Dockerfile; they do not overlap, and are applied all or none. */
  readonly edits?: readonly TextEdit[];
  /** A file of the build context that does not exist yet. Always unsafe. */
  readonly creates?: { readonly name: string; readonly text: string };
  /** Content bytes that the image loses by it, where the layers tell. */
  readonly bytes?: number;
  /** An operation of `layerlint optimize`. */
  readonly operation?: "drop-dead" | "drop-identical" | "squash" | "prune";
  /** What `squash` merges, both ends included. */
  readonly squashes?: { readonly first: number; readonly last: number };
  /** What `--prune` calls the files that `prune` removes. */
  readonly prunes?: Prunable;
}

/** Kinds of files that `layerlint optimize --prune` removes although containers see them. */
export type Prunable = "caches" | "logs";

/** A regular file of one layer: the entry that carries its data. */
export interface Inode {
  readonly layer: number;
  readonly entry: Entry;
}

/** Bytes of one path, for the list below a finding. */
export interface PathBytes {
  readonly path: BytePath;
  readonly bytes: number;
  /** A directory whose bytes are the sum of `files` files. */
  readonly files?: number;
  readonly note?: string;
}

export interface Finding {
  /** Ids of other linters for just this finding, beside those of the rule: a comment that names one silences it. */
  readonly aliases?: readonly string[];
  /** What happened, in one sentence with path, bytes and what did it; without a final full stop. */
  readonly message: string;
  /** What to do about it, in one or two sentences. */
  readonly advice: string;
  /** Wasted content bytes, where the finding is about bytes and they are proven. */
  readonly bytes?: number;
  /** The file inodes those bytes belong to, so that totals count each once over all findings. */
  readonly inodes?: readonly Inode[];
  /**
   * This finding is no finding of its own: its message is added as a note to the findings that own any of its `inodes`
   * (the engine merges; a rule never knows another rule).
   */
  readonly annotates?: boolean;
  readonly evidence: Evidence;
  /** Lower than the rule's own severity where the finding cannot be acted on (base image): then it fails no gate. */
  readonly severity?: Severity;
  readonly places: readonly Place[];
  /** Largest first. */
  readonly paths?: readonly PathBytes[];
  /** How many more there are than `paths` lists, and their bytes. */
  readonly morePaths?: { readonly count: number; readonly bytes: number };
  readonly fixes?: readonly Fix[];
}

export interface Example {
  /** One sentence: what the example shows. */
  readonly title: string;
  readonly dockerfile: string;
  /**
   * For rules that need an image: one sketch per layer above an empty base (test/support/sketch.ts syntax, as in
   * docs/spec/layers.md), so that the harness can build it.
   */
  readonly layers?: readonly string[];
  /** For rules about the build context: its files with their sizes in bytes. */
  readonly context?: Readonly<Record<string, number>>;
  /** The Dockerfile that the image was built from, where the example is about that being another one. */
  readonly builtFrom?: string;
}

export type Category = "size" | "security" | "portability" | "correctness";

export interface RuleDocs {
  /** One line, shown in lists. */
  readonly summary: string;
  /** What it finds and how it decides, in Markdown paragraphs. */
  readonly what: string;
  readonly why: string;
  readonly bad: readonly Example[];
  readonly good: readonly Example[];
  /** Which fixes there are, and when they are safe. */
  readonly fix: string;
}

/** `default` is quiet: what matters on a first run. `strict` adds the rules of taste and of many findings. */
export const presets = ["default", "strict"] as const;
export type Preset = (typeof presets)[number];

/** A setting of a rule in the configuration. A `size` is in bytes, and written as `1MB` there. */
export type RuleOption =
  | { readonly type: "flag"; readonly default: boolean; readonly summary: string }
  | { readonly type: "size"; readonly default: number; readonly summary: string }
  | { readonly type: "list"; readonly default: readonly string[]; readonly summary: string };

/** By name, in lower case with dashes. */
export type RuleOptions = Readonly<Record<string, RuleOption>>;

type OptionValue<T extends RuleOption["type"]> = T extends "flag"
  ? boolean
  : T extends "size"
    ? number
    : readonly string[];

/** What is set for each option of a rule, or its default. */
export type OptionValues<O extends RuleOptions = RuleOptions> = {
  readonly [K in keyof O]: OptionValue<O[K]["type"]>;
};

/** A rule is about one smell and reads either witness or both. It does no I/O and knows no other rule. */
export interface Rule {
  /** Equal to the file name. */
  readonly id: string;
  /** Ids of other linters for the same smell: `DL3009`. */
  readonly aliases: readonly string[];
  readonly category: Category;
  readonly severity: Severity;
  /** `strict`: it runs only where it is asked for, by the preset or by its name. */
  readonly preset?: Preset;
  readonly docs: RuleDocs;
  readonly options?: RuleOptions;
  /** It is about the comments that silence rules, so it runs after the others. */
  readonly late?: true;
  /** Which file contents (at most 1 MiB each) it wants in `Layer.kept`; asked with path and size. */
  readonly wantsContent?: (path: BytePath, size: number) => boolean;
  readonly check: (subject: Subject, options: OptionValues) => Iterable<Finding>;
}

/** Keeps the types of a rule literal, gives `check` the types of its options, and checks them in one place. */
export function defineRule<const O extends RuleOptions>(
  rule: Omit<Rule, "options" | "check"> & {
    readonly options?: O;
    readonly check: (subject: Subject, options: OptionValues<O>) => Iterable<Finding>;
  },
): Rule {
  return rule as Rule;
}
