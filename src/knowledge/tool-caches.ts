/** What a tool leaves behind, and how one keeps it out of the image. */

export interface CacheFolder {
  /** "apt's package lists": as a message names it. */
  readonly what: string;
  /** Matches paths of files inside an image, without leading slash. */
  readonly path: RegExp;
  /** The folder as a Dockerfile names it; `~` is the home of any user. */
  readonly folder: string;
  /** Other places of it: by tool, version or user. */
  readonly alsoAt?: readonly string[];
  /** Paths in words of a removal that name it although the folder has another name there. */
  readonly cleanedBy?: RegExp;
  /** Variables that move it, with what stands below their value. */
  readonly variables?: readonly { readonly name: string; readonly below: string }[];
  /** Where a cache mount belongs, if not on the folder itself; none where the place depends on too much. */
  readonly mounts?: readonly string[];
  /** Where each program keeps it if it has a folder of its own, the likeliest first. */
  readonly byProgram?: Readonly<Record<string, readonly string[]>>;
  /** Some images want it: a later build uses it. Then it is said, but fails nothing. */
  readonly maybeWanted?: boolean;
  /** The tool fetches again what it does not find there, with the same result. */
  readonly refills?: boolean;
  /** Commands of the tool that neither read nor change it. */
  readonly ignoredBy?: CommandPattern;
  /** What other linters call it when it is left. */
  readonly aliases?: readonly string[];
}

/**
 * A command that leaves a cache for sure: its name, the first operand that is no option, and what keeps it from doing so.
 */
export interface CacheWriter {
  /** Default: all names of the tool. */
  readonly names?: readonly string[];
  /** `install` in `pip install x`, `pip install` in `uv pip install x`; `""` for no operand at all. */
  readonly verbs: readonly string[];
  /** Where the verb is an option: `-Syu`. */
  readonly operation?: RegExp;
  /** An operand behind the verb that must be there. */
  readonly wants?: RegExp;
  /** One of these options must be there: only then it is certainly this manager, or does this. */
  readonly requires?: readonly string[];
  /** Words before the verb: `-m pip` for python. */
  readonly module?: string;
  /** Index of the folder in `caches` that it fills. */
  readonly fills: readonly number[];
  /** Flags that keep it from doing so. */
  readonly avoidedByFlags?: readonly string[];
  /** Flags that move the cache or make nothing to fetch: then nothing is certain. */
  readonly elsewhereByFlags?: readonly string[];
  /** Operands that name a file at hand: a command that has only these downloads nothing for sure. */
  readonly atHand?: RegExp;
  /** Variables that do, set to something else than 0, false or nothing. */
  readonly avoidedByVariables?: readonly string[];
  /** Variables that do, set to anything: even `0`. */
  readonly avoidedByAnyValueOf?: readonly string[];
  /** In any image only where it has one of these verbs or options; else it depends on what the base image holds. */
  readonly alwaysWith?: { readonly verbs: readonly string[]; readonly options: readonly string[] };
}

/**
 * A command that fills caches as a rule, though not for sure: enough where a later instruction deletes just that cache,
 * for whoever wrote that knows it is there.
 */
export interface UsualWriter {
  /** Default: all names of the tool. */
  readonly names?: readonly string[];
  /** First operands, whatever they are by default; an empty one is no operand at all. */
  readonly verbs?: readonly string[];
  /** Where the verb is an option. */
  readonly operation?: RegExp;
  /** Indices of the folders in `caches`. */
  readonly fills: readonly number[];
}

/** A command of the tool that empties its caches: `dnf clean all`. */
export interface Cleaner {
  /** Default: all names of the tool. */
  readonly names?: readonly string[];
  /** All of them must be there. */
  readonly words: readonly string[];
  /** With this word it does nothing. */
  readonly unless?: string;
  /** The cache that it empties for sure, whole, where one of `with` stands there as well; without this only a part. */
  readonly empties?: { readonly cache: number; readonly with?: readonly string[] };
}

/** Commands by name and first operand; without `verbs` whatever they are told. */
export interface CommandPattern {
  readonly names: readonly string[];
  readonly verbs?: readonly string[];
}

/** Commands by name and by any of their words. */
export interface WordPattern {
  readonly names: readonly string[];
  readonly word?: RegExp;
}

/**
 * How a Dockerfile is fixed, as data: a command at the end of the RUN, or a flag for each command that fills the
 * cache. A remedy is safe where all of its conditions hold (docs/spec/dockerfile.md, "Fixes").
 */
export interface Remedy {
  /** Indices of the caches that it keeps out of the image. */
  readonly clears: readonly number[];
  /** A command for the end of the RUN; `{tool}` is the program that filled the cache. */
  readonly append?: string;
  /** A flag that stands behind the verb of every command that fills the cache. */
  readonly insert?: string;
  /** What the flag makes useless. */
  readonly drops?: {
    /** Words of the commands that get the flag. */
    readonly words: readonly string[];
    /** Commands of the RUN that fetch an index, as long as nothing else wants it. */
    readonly updates: CommandPattern;
    /** Commands that look into the index, beside those that take the flag. */
    readonly readers: CommandPattern;
    /** A removal of exactly these paths; the command that removes them where an index has to stay. */
    readonly removals: readonly string[];
    readonly remove: string;
    /** Where the commands keep the index of their own: then nothing is certain. */
    readonly elsewhere: string;
  };
  /** The RUN must hold a command of each. */
  readonly together?: readonly CommandPattern[];
  /** Later commands that want what it takes away, unless an update of their own comes before them. */
  readonly wantedBy?: {
    readonly users: readonly CommandPattern[];
    readonly updates: CommandPattern;
    /** The command that is such an update. */
    readonly update: string;
  };
  /**
   * Later commands that fail without what it takes away, or fetch all of it again: then it is not offered. `until`: an
   * update of their own, which certainly runs before.
   */
  readonly neededBy?: { readonly users: readonly WordPattern[]; readonly until?: WordPattern };
  /** A word of later instructions that reads the cache. */
  readonly readBy?: RegExp;
  /** Said somewhere up to the RUN: then the cache is kept on purpose. */
  readonly keptBy?: RegExp;
  /** Why it is never safe, whatever the Dockerfile says. */
  readonly unsafe?: string;
  /** Of the cache's files those that it takes away; all where nothing is said. Paths inside an image. */
  readonly takes?: RegExp;
}

/** What a cache mount needs besides being there. */
export interface Mounting {
  /** `sharing=locked`. */
  readonly options?: string;
  /** A command before the first one of the manager, unless what it is about is named in the stage already. */
  readonly before?: { readonly command: string; readonly unless: RegExp };
  /** A word behind the verb of the commands that fill the cache, unless one of these or such an update is there. */
  readonly word?: {
    readonly word: string;
    readonly unless: readonly string[];
    readonly updates: CommandPattern;
  };
  /** Commands that would empty the mount, beside the cleaners. */
  readonly empties?: CommandPattern;
  /** What it changes, besides where packages come from. */
  readonly changes?: string;
}

/** The caches of a tool: what fills them, what empties them, and how to keep them out of the image. */
export interface CacheFacts {
  /** As documentation names it: "RubyGems". */
  readonly title: string;
  /** What the tests hold the rest to. */
  readonly example: {
    /** A command that leaves a cache for sure. */
    readonly run: string;
    /** A file that it leaves in a layer, and one beside it that is no leftover: as a sketch of a layer names them. */
    readonly leftover: string;
    readonly innocent: string;
  };
  readonly caches: readonly CacheFolder[];
  /** Only commands that leave a cache for sure; empty where only the layers can tell. */
  readonly writers: readonly CacheWriter[];
  readonly usualWriters?: readonly UsualWriter[];
  readonly cleaners: readonly Cleaner[];
  /** The best first. */
  readonly remedies: readonly Remedy[];
  readonly mounting?: Mounting;
  /** What to do, with the exact words. */
  readonly advice: string;
}

/** Below the folder that XDG_CACHE_HOME names. */
export function xdg(below: string): NonNullable<CacheFolder["variables"]> {
  return [{ name: "XDG_CACHE_HOME", below }];
}
