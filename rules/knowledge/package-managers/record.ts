/** What package managers leave behind, and how one keeps it out of the image. One record each; a new manager is one record and a test. */

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
  /** Some images want it: a later build uses it. Then it is said, but fails nothing. */
  readonly maybeWanted?: boolean;
}

/** A command that fills a cache: its name, the first operand that is no option, and what keeps it from doing so. */
export interface CacheFiller {
  readonly names: readonly string[];
  /** `install` in `pip install x`, `pip install` in `uv pip install x`. */
  readonly verbs: readonly string[];
  /** Words before the verb: `-m pip` for python. */
  readonly module?: string;
  /** Index of the folder in `caches` that it fills. */
  readonly fills: readonly number[];
  readonly avoidedByFlags: readonly string[];
  /** Flags that move the cache or make nothing to fetch: then nothing is certain. */
  readonly elsewhereByFlags?: readonly string[];
  /** Operands that name a file at hand: a command that has only these downloads nothing for sure. */
  readonly atHand?: RegExp;
  /** Set to something else than 0, false or nothing. */
  readonly avoidedByVariables: readonly string[];
  /** Set to anything: even `0`. */
  readonly avoidedByAnyValueOf?: readonly string[];
}

export interface PackageManager {
  readonly id: string;
  readonly caches: readonly CacheFolder[];
  /** Only commands that leave a cache for sure; empty where only the layers can tell. */
  readonly fillers: readonly CacheFiller[];
  /** Commands of its own that empty the caches: `dnf clean all`. */
  readonly cleaners: readonly { readonly names: readonly string[]; readonly words: readonly string[] }[];
  /** What to do, with the exact words. */
  readonly advice: string;
  /** Where the paths come from. */
  readonly source: string;
}

/** Below the folder that XDG_CACHE_HOME names. */
export function xdg(below: string): NonNullable<CacheFolder["variables"]> {
  return [{ name: "XDG_CACHE_HOME", below }];
}
