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
import type { BytePath } from "../image/image.ts";

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
  /** A few words for this place: "added here", "deleted here". */
  readonly label?: string | undefined;
  /** A comment over the instruction of this place silences the finding, as one over that of its first place does. */
  readonly silences?: true;
}

/** A place in the Dockerfile: an instruction, of which `range` may be a part, or a range that is in none. UTF-16 offsets. */
export type DockerfileLocation = AnyLocation & { readonly layer?: undefined; readonly path?: undefined } & (
    | { readonly instruction: Instruction; readonly range?: Range | undefined }
    | { readonly instruction?: undefined; readonly range: Range }
  );

/** A layer of the image, whose linked instruction the engine adds by itself; `path` is a file in it. */
export interface LayerLocation extends AnyLocation {
  readonly layer: number;
  readonly path?: BytePath | undefined;
  readonly instruction?: undefined;
  readonly range?: undefined;
}

/**
 * Where a finding is. The engine turns this into lines, columns and targets, and puts the place in the Dockerfile first. A
 * finding without any is about its target as a whole.
 */
export type SourceLocation = DockerfileLocation | LayerLocation;

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
  readonly locations: readonly SourceLocation[];
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
   * For rules that need an image: one sketch per layer above an empty base (src/testing/sketch.ts syntax, as in
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

/** What `check` is given, by what the rule `reads`. */
export interface Subjects {
  /** The text alone: the rule finds the same whatever image is given along. It runs wherever there is a Dockerfile. */
  readonly dockerfile: DockerfileSubject;
  /**
   * The text, which suspects, and the layers that were built from it, which prove or refute. It runs wherever there is a
   * Dockerfile, but not beside an image that was built from another one: that image speaks of other lines.
   */
  readonly build: BuildSubject;
  /** The layers and the configuration. It runs wherever there is an image. */
  readonly image: ImageSubject;
  /** Whatever there is. It always runs. */
  readonly either: EitherSubject;
  /** A Dockerfile and an image, compared with each other. It runs where both were given as a pair. */
  readonly both: PairSubject;
  /** The comments of the Dockerfile that silence rules, and what became of them. It runs after all other rules. */
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

/** What every rule says of itself. */
export interface RuleMeta<O extends RuleOptions = RuleOptions> {
  /** Equal to the file name. */
  readonly id: string;
  /** Ids of other linters for the same smell: `DL3009`. */
  readonly aliases: readonly string[];
  readonly category: Category;
  readonly severity: Severity;
  /** `strict`: it runs only where it is asked for, by the preset or by its name. */
  readonly preset?: Preset;
  readonly docs: RuleDocs;
  readonly options?: O;
  /** The plugin that brings it, set when that is loaded; absent, layerlint itself. */
  readonly plugin?: string;
  /** Which file contents (at most 1 MiB each) it wants in `Layer.kept`; asked with path and size. */
  readonly wantsContent?: (path: BytePath, size: number) => boolean;
}

/** A rule that reads `R`. */
export interface RuleReading<R extends Reads, O extends RuleOptions = RuleOptions> extends RuleMeta<O> {
  readonly reads: R;
  readonly check: (subject: Subjects[R], options: OptionValues<O>) => Iterable<Finding>;
}

/** A rule is about one smell. It does no I/O and knows no other rule. */
export type Rule = { readonly [R in Reads]: RuleReading<R> }[Reads];

/** Keeps the types of a rule literal: `check` is given what the rule `reads`, and the values of its options. */
export function defineRule<const R extends Reads, const O extends RuleOptions>(
  rule: RuleReading<R, O>,
): Rule {
  return rule as unknown as Rule;
}
