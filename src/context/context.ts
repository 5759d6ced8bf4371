/**
 * What a build is given besides the Dockerfile: the folder whose files COPY and ADD may take. It reads the disk only when it
 * is asked, so a rule asks last.
 */

export interface ContextFile {
  /** From the context's root, with `/` between: `src/main.ts`. */
  readonly path: string;
  /** Bytes of content; 0 for what is no regular file (a symlink is copied as a symlink). */
  readonly size: number;
}

export interface ContextFiles {
  /** In the order of their paths, folder by folder. */
  readonly files: readonly ContextFile[];
  /**
   * False when not all was seen: the folder holds more than `maxEntries`, or part of it cannot be read. Then nothing may
   * be concluded from what is absent, and a sum of sizes says "at least".
   */
  readonly complete: boolean;
}

/** What a COPY or ADD names in the context, variables filled in. */
export interface ContextSources {
  /** As written: `.`, `src/`, `*.json`. */
  readonly paths: readonly string[];
  /** Patterns of `--exclude`. */
  readonly exclude: readonly string[];
  /** `--parents` was given. */
  readonly parents: boolean;
}

export interface TakenFiles extends ContextFiles {
  /** Those of `paths` that name nothing, or only what is ignored. */
  readonly missing: readonly string[];
}

/** Nothing is read before the first question, and nothing twice. The answers never throw. */
export interface BuildContext {
  /** The folder as given, for messages. */
  readonly name: string;
  /** The ignore file in force, as messages name it; undefined when there is none. */
  readonly ignoreFile: string | undefined;
  /** Lines of the ignore file that are no patterns: the build fails on them. */
  readonly badPatterns: readonly string[];
  /** Whether the ignore file keeps a path (from the root, `/` between) out of the build. */
  readonly ignores: (path: string) => boolean;
  /** All that the build is given: what is not ignored. */
  readonly files: () => ContextFiles;
  /** The files that an instruction with these sources would copy; where several name a file, it is listed once. */
  readonly taken: (sources: ContextSources) => TakenFiles;
}

/** How many files and folders are looked at. */
export const maxEntries = 50_000;
