/** The rule contract: all that a file in rules/ may import from src. */
import type {
  BuildSubject,
  DockerfileSubject,
  EitherSubject,
  ImageSubject,
  Inode,
  PairSubject,
} from "../analysis/subject.ts";
import type { Instruction, Range, TextEdit } from "../dockerfile/dockerfile.ts";
import type { Fix } from "../edits/fix.ts";
import type { BytePath, ImageConfig } from "../image/image.ts";

export type * from "../analysis/subject.ts";
export type * from "../build/build.ts";
export type * from "../context/context.ts";
export type * from "../dockerfile/dockerfile.ts";
export type * from "../edits/fix.ts";
export type {
  Compression,
  DiffId,
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
export { heldInstruction } from "../dockerfile/dockerfile.ts";
export * from "../byte-path.ts";
export * from "../format.ts";

export type Severity = "error" | "warning" | "info";
export type Evidence = "dockerfile" | "layers" | "both";
interface AnyLocation {
  /** A few words for this location: "added here", "deleted here". */
  readonly label?: string | undefined;
  /** A comment above this location's instruction silences the finding, as one above its first location does. */
  readonly silences?: true;
}

/**
 * A location in the Dockerfile: an instruction, optionally narrowed by `range`, or a range outside instructions.
 * Offsets are UTF-16.
 */
export type DockerfileLocation = AnyLocation & { readonly layer?: undefined; readonly path?: undefined } & (
    | { readonly instruction: Instruction; readonly range?: Range | undefined }
    | { readonly instruction?: undefined; readonly range: Range }
  );

/** A layer of the image; the engine adds its linked instruction. `path` is a file in the layer. */
export interface LayerLocation extends AnyLocation {
  readonly layer: number;
  readonly path?: BytePath | undefined;
  readonly instruction?: undefined;
  readonly range?: undefined;
}

/**
 * The location of a finding. The engine turns it into lines, columns and targets, with the location in the Dockerfile
 * first. A finding without locations is about its target as a whole.
 */
export type SourceLocation = DockerfileLocation | LayerLocation;

/** Bytes of one path, for the list below a finding. */
export interface PathBytes {
  readonly path: BytePath;
  readonly bytes: number;
  /** For a directory, the number of files whose bytes are summed. */
  readonly files?: number;
  readonly note?: string;
}

export interface Finding {
  /**
   * Ids of other linters for this finding only, in addition to those of the rule; a comment with one of them silences
   * it.
   */
  readonly aliases?: readonly string[];
  /** What happened: one sentence with path, bytes and cause, without a final full stop. */
  readonly message: string;
  /** What to do about it, in one or two sentences. */
  readonly advice: string;
  /** Wasted content bytes, if they are proven. */
  readonly bytes?: number;
  /** The inodes that the bytes belong to, so that totals count each inode once over all findings. */
  readonly inodes?: readonly Inode[];
  /**
   * True for an annotation: the engine adds its message as a note to the findings that own any of its `inodes`, and
   * reports no separate finding. Rules do not know each other.
   */
  readonly annotates?: boolean;
  readonly evidence: Evidence;
  /**
   * A severity below the rule's own, for a finding that the user cannot fix (base image), so that it does not fail
   * the run.
   */
  readonly severity?: Severity;
  readonly locations: readonly SourceLocation[];
  /** Largest first. */
  readonly paths?: readonly PathBytes[];
  /** Number and bytes of the paths that `paths` leaves out. */
  readonly morePaths?: { readonly count: number; readonly bytes: number };
  readonly fixes?: readonly Fix[];
}

export interface Example {
  /** One sentence: what the example shows. */
  readonly title: string;
  readonly dockerfile: string;
  /**
   * For rules that need an image: one sketch per layer above an empty base (src/testing/sketch.ts syntax, as in
   * docs/spec/layers.md), so that the harness can build it.
   */
  readonly layers?: readonly string[];
  /** For rules about the build context: its files with their sizes in bytes. */
  readonly context?: Readonly<Record<string, number>>;
  /** The Dockerfile that built the image, for examples in which that is not the linted one. */
  readonly builtFrom?: string;
  /** What the configuration of the image sets, for rules about it. */
  readonly config?: Partial<ImageConfig>;
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

/**
 * The presets. `default` has what matters on a first run; `strict` adds rules about style and rules with many
 * findings.
 */
export const presets = ["default", "strict"] as const;
export type Preset = (typeof presets)[number];

/** A setting of a rule in the configuration. A `size` is in bytes, and written as `1MB` there. */
export type RuleOption =
  | { readonly type: "flag"; readonly default: boolean; readonly summary: string }
  | { readonly type: "size"; readonly default: number; readonly summary: string }
  | { readonly type: "list"; readonly default: readonly string[]; readonly summary: string };

/** The options of a rule by name, in lower case with dashes. */
export type RuleOptions = Readonly<Record<string, RuleOption>>;

type OptionValue<T extends RuleOption["type"]> = T extends "flag"
  ? boolean
  : T extends "size"
    ? number
    : readonly string[];

/** The value of each option of a rule, or its default. */
export type OptionValues<O extends RuleOptions = RuleOptions> = {
  readonly [K in keyof O]: OptionValue<O[K]["type"]>;
};

/** A comment that silences rules, and its effect. */
export interface IgnoreComment extends Range {
  readonly tool: "layerlint" | "hadolint" | "buildkit";
  /** The named rules; empty for all rules. */
  readonly names: readonly IgnoredName[];
  /** True if the comment silenced nothing and could not have. */
  readonly unused: boolean;
  /** The parts that are not understood or name unknown rules. */
  readonly problems: readonly (Range & { readonly message: string })[];
  /** Edits that remove the unused parts; undefined when that would change more. */
  readonly removal: readonly TextEdit[] | undefined;
}

export interface IgnoredName extends Range {
  readonly name: string;
  readonly unused: boolean;
}

/** The argument of `check`, by the rule's `reads`. */
export interface Subjects {
  /** The text alone: the findings do not depend on an image. The rule runs on every Dockerfile. */
  readonly dockerfile: DockerfileSubject;
  /**
   * The text, which predicts findings, and the layers built from it, which prove or refute them. The rule runs on
   * every Dockerfile, except together with an image that another Dockerfile built.
   */
  readonly build: BuildSubject;
  /** The layers and the configuration. The rule runs on every image. */
  readonly image: ImageSubject;
  /** The Dockerfile, the image or both. The rule always runs. */
  readonly either: EitherSubject;
  /** A Dockerfile and an image, compared with each other. The rule runs when both are given as a pair. */
  readonly both: PairSubject;
  /** The comments of the Dockerfile that silence rules, and their effect. The rule runs after all other rules. */
  readonly comments: { readonly comments: readonly IgnoreComment[] };
}

export type Reads = keyof Subjects;

/** The values of `reads`. */
export const readings = Object.keys({
  dockerfile: 1,
  build: 1,
  image: 1,
  either: 1,
  both: 1,
  comments: 1,
} satisfies Record<Reads, 1>) as readonly Reads[];

/** The properties of every rule. */
export interface RuleMeta<O extends RuleOptions = RuleOptions> {
  /** Equal to the file name. */
  readonly id: string;
  /** Ids of other linters for the same smell: `DL3009`. */
  readonly aliases: readonly string[];
  readonly category: Category;
  readonly severity: Severity;
  /** `strict`: the rule runs only with that preset, or when it is named. */
  readonly preset?: Preset;
  readonly docs: RuleDocs;
  readonly options?: O;
  /** Where an own rule comes from, for messages: the plugin, or the library's option. Absent for rules of layerlint. */
  readonly plugin?: string;
  /** Selects file contents (at most 1 MiB each) to keep in `Layer.kept`, by path and size in bytes. */
  readonly wantsContent?: (path: BytePath, size: number) => boolean;
}

/** A rule that reads `R`. */
export interface RuleReading<R extends Reads, O extends RuleOptions = RuleOptions> extends RuleMeta<O> {
  readonly reads: R;
  readonly check: (subject: Subjects[R], options: OptionValues<O>) => Iterable<Finding>;
}

/** A rule: it detects one smell, does no I/O and knows no other rule. */
export type Rule = { readonly [R in Reads]: RuleReading<R> }[Reads];

/** Returns a rule unchanged, with literal types: `check` is typed by the rule's `reads` and by its options. */
export function defineRule<const R extends Reads, const O extends RuleOptions>(
  rule: RuleReading<R, O>,
): Rule {
  return rule as unknown as Rule;
}
