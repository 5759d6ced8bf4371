/** The rule contract: all that a file in rules/ may import from src. */
import type { Inode, Subject } from "../analysis/subject.ts";
import type { Instruction, Range } from "../dockerfile/dockerfile.ts";
import type { Fix } from "../edits/fix.ts";
import type { BytePath } from "../image/image.ts";

export type * from "../analysis/subject.ts";
export type * from "../build/build.ts";
export type * from "../context/context.ts";
export type * from "../dockerfile/dockerfile.ts";
export type * from "../edits/fix.ts";
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
export * from "../format.ts";

export type Severity = "error" | "warning" | "info";
export type Evidence = "dockerfile" | "layers" | "both";
/**
 * Where a finding is. `instruction`: a place in the Dockerfile; `range` narrows it (UTF-16 offsets). `layer`: a layer of
 * the image, whose linked instruction the engine adds by itself; `path` a file in it. The engine turns this into lines,
 * columns and targets, and puts the place in the Dockerfile first.
 */
export interface SourceLocation {
  readonly instruction?: Instruction | undefined;
  readonly range?: Range | undefined;
  readonly layer?: number | undefined;
  readonly path?: BytePath | undefined;
  /** A few words for this place: "added here", "deleted here". */
  readonly label?: string | undefined;
  /** A comment over the instruction of this place silences the finding, as one over that of its first place does. */
  readonly silences?: true;
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
