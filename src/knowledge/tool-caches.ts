/** The types of cache facts: which caches a tool leaves, and how to keep them out of the image. */

export interface CacheFolder {
  /** Name in messages: "apt's package lists". */
  readonly what: string;
  /** Matches paths of files inside an image, without leading slash. */
  readonly path: RegExp;
  /** The folder as a Dockerfile names it; `~` is the home of any user. */
  readonly folder: string;
  /** Other folders of the cache: by tool, version or user. */
  readonly alsoAt?: readonly string[];
  /** Paths of removals that empty the cache although they do not match `folder`. */
  readonly cleanedBy?: RegExp;
  /** Variables that move the cache, with the path below their value; of a list with colons its first folder counts. */
  readonly variables?: readonly { readonly name: string; readonly below: string; readonly isList?: true }[];
  /** Targets for a cache mount, if not the folder itself; empty when they cannot be determined. */
  readonly mounts?: readonly string[];
  /** Folders by program, if programs have folders of their own; the likeliest first. */
  readonly byProgram?: Readonly<Record<string, readonly string[]>>;
  /** Some images need the cache for a later build; findings are then info. */
  readonly maybeWanted?: boolean;
  /** The tool fetches missing files again, with the same result. */
  readonly refills?: boolean;
  /** Commands of the tool that neither read nor change the cache. */
  readonly ignoredBy?: readonly CommandPattern[];
  /** Rule ids of other linters for this leftover cache. */
  readonly aliases?: readonly string[];
}

/** A command that certainly leaves a cache: its name, its first operand, and what prevents it. */
export interface CacheWriter {
  /** Default: all names of the tool. */
  readonly names?: readonly string[];
  /** `install` in `pip install x`, `pip install` in `uv pip install x`; `""` for no operand at all. */
  readonly verbs: readonly string[];
  /** For tools whose verb is an option: `-Syu`. */
  readonly operation?: RegExp;
  /** An operand that must follow the verb. */
  readonly wants?: RegExp;
  /** Options of which one is required, to be certain of the manager or of its operation. */
  readonly requires?: readonly string[];
  /** Words before the verb: `-m pip` for python. */
  readonly module?: string;
  /** Indexes in `caches` of the filled folders. */
  readonly fills: readonly number[];
  /** Flags that prevent filling the cache. */
  readonly avoidedByFlags?: readonly string[];
  /** Flags that move the cache or avoid fetching; with them nothing is certain. */
  readonly elsewhereByFlags?: readonly string[];
  /** Operands that name local files; with only these, a download is not certain. */
  readonly atHand?: RegExp;
  /** Variables that prevent filling the cache, unless set to 0, false or empty. */
  readonly avoidedByVariables?: readonly string[];
  /** Variables that prevent filling the cache with any value, even `0`. */
  readonly avoidedByAnyValueOf?: readonly string[];
  /** Verbs or options with which the cache is filled in any image; otherwise it depends on the base image. */
  readonly alwaysWith?: { readonly verbs: readonly string[]; readonly options: readonly string[] };
}

/**
 * A command that usually fills caches. That suffices if a later instruction deletes the cache, since its author knows
 * that it exists.
 */
export interface UsualWriter {
  /** Default: all names of the tool. */
  readonly names?: readonly string[];
  /** First operands; default: any. "" means no operand. */
  readonly verbs?: readonly string[];
  /** For tools whose verb is an option. */
  readonly operation?: RegExp;
  /** Indices of the folders in `caches`. */
  readonly fills: readonly number[];
}

/** A command of the tool that empties its caches: `dnf clean all`. */
export interface Cleaner {
  /** Default: all names of the tool. */
  readonly names?: readonly string[];
  /** Words that are all required. */
  readonly words: readonly string[];
  /** A word with which the command does nothing. */
  readonly unless?: string;
  /**
   * The cache that the command certainly empties completely, if one of `with` is given too; absent if it empties only
   * a part.
   */
  readonly empties?: { readonly cache: number; readonly with?: readonly string[] };
}

/** Commands by name and first operand; without `verbs`, any operand. */
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
 * A fix of a Dockerfile as data: a command at the end of the RUN, or a flag for each command that fills the cache. A
 * remedy is safe if all its conditions hold (docs/spec/dockerfile.md, "Fixes").
 */
export interface Remedy {
  /** Indexes of the caches that the remedy keeps out of the image. */
  readonly clears: readonly number[];
  /** A command for the end of the RUN; `{tool}` is the program that filled the cache. */
  readonly append?: string;
  /** A flag to add after the verb of every command that fills the cache. */
  readonly insert?: string;
  /** Commands that the flag makes unnecessary. */
  readonly drops?: {
    /** Words of the commands that get the flag. */
    readonly words: readonly string[];
    /** Commands of the RUN that fetch an index, to remove if no other command reads it. */
    readonly updates: CommandPattern;
    /** Commands that read the index, in addition to those that take the flag. */
    readonly readers: CommandPattern;
    /** Paths whose removal becomes unnecessary; `remove` is the command for them if an update stays. */
    readonly removals: readonly string[];
    readonly remove: string;
    /** Option that moves the index: `--cache-dir`; with it nothing is certain. */
    readonly elsewhere: string;
  };
  /** The RUN must hold a command of each. */
  readonly together?: readonly CommandPattern[];
  /** Later commands that read the removed files, unless an update comes before them. */
  readonly wantedBy?: {
    readonly users: readonly CommandPattern[];
    readonly updates: CommandPattern;
    /** The update command. */
    readonly update: string;
  };
  /**
   * Later commands that fail without the removed files, or fetch all of them again; the remedy is then not offered.
   * `until` is an update that certainly runs before them.
   */
  readonly neededBy?: { readonly users: readonly WordPattern[]; readonly until?: WordPattern };
  /** True if commands that the remedy is for show a version of the tool that fetches missing files again. */
  readonly refilled?: true;
  /** Text up to and in the RUN that shows that the cache is kept on purpose. */
  readonly keptBy?: RegExp;
  /** Why the remedy is never safe. */
  readonly unsafe?: string;
  /** Matches the files of the cache that the remedy removes, as paths inside an image; default: all. */
  readonly takes?: RegExp;
}

/** Additional requirements of a cache mount. */
export interface Mounting {
  /** Mount options such as `sharing=locked`. */
  readonly options?: string;
  /** A command to run before the manager's first one, unless text of the stage matches `unless`. */
  readonly before?: { readonly command: string; readonly unless: RegExp };
  /** A word to add after the verb of the commands that fill the cache, with the words and updates that replace it. */
  readonly word?: {
    readonly word: string;
    readonly unless: readonly string[];
    readonly updates: CommandPattern;
  };
  /** Commands other than the cleaners that would empty the mount. */
  readonly empties?: CommandPattern;
  /** What the mount changes, besides the origin of packages. */
  readonly changes?: string;
}

/** The caches of a tool: which commands fill and empty them, and how to keep them out of the image. */
export interface CacheFacts {
  /** Name in documentation: "RubyGems". */
  readonly title: string;
  /** Example that the tests check the facts against. */
  readonly example: {
    /** A command that certainly leaves a cache. */
    readonly run: string;
    /**
     * A file that the command leaves in a layer, in sketch notation; `innocent` is a file beside it that is not a
     * leftover.
     */
    readonly leftover: string;
    readonly innocent: string;
  };
  readonly caches: readonly CacheFolder[];
  /** Commands that certainly leave a cache; empty if only layers can show it. */
  readonly writers: readonly CacheWriter[];
  readonly usualWriters?: readonly UsualWriter[];
  readonly cleaners: readonly Cleaner[];
  /** Remedies, the best first. */
  readonly remedies: readonly Remedy[];
  readonly mounting?: Mounting;
  /** Advice with the exact command. */
  readonly advice: string;
}

/** Returns the variable of a cache below XDG_CACHE_HOME. */
export function xdg(below: string): NonNullable<CacheFolder["variables"]> {
  return [{ name: "XDG_CACHE_HOME", below }];
}
