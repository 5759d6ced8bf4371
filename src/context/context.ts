/** The build context: the folder whose files COPY and ADD may take. It is read lazily, so a rule uses it last. */

export interface ContextFile {
  /** From the context's root, with `/` between: `src/main.ts`. */
  readonly path: string;
  /** Bytes of content; 0 unless it is a regular file (a symlink is copied as a symlink). */
  readonly size: number;
  /** Permission bits of a regular file, set-user-ID and set-group-ID included; 0 otherwise. */
  readonly mode: number;
}

export interface ContextFiles {
  /** The files in the order of their paths, folder by folder. */
  readonly files: readonly ContextFile[];
  /**
   * False when files are missing from the list: the folder holds more than `maxEntries`, or part of it cannot be
   * read. Then an absent file proves nothing, and a sum of sizes is a lower bound.
   */
  readonly complete: boolean;
}

/** The sources of a COPY or ADD in the context, with variables expanded. */
export interface ContextSources {
  /** As written: `.`, `src/`, `*.json`. */
  readonly paths: readonly string[];
  /** Patterns of `--exclude`. */
  readonly exclude: readonly string[];
  /** True with `--parents`. */
  readonly parents: boolean;
}

export interface TakenFiles extends ContextFiles {
  /** The `paths` that match no file, or only ignored files. */
  readonly missing: readonly string[];
}

/** A build context, read lazily and only once. Its methods never throw. */
export interface BuildContext {
  /** The folder as given, for messages. */
  readonly name: string;
  /** The ignore file in force, as messages name it; undefined when there is none. */
  readonly ignoreFile: string | undefined;
  /** Lines of the ignore file that are not valid patterns; the build fails on them. */
  readonly badPatterns: readonly string[];
  /** Returns true if nothing is at a path, wildcards included; false where part of the folder cannot be read. */
  readonly lacks: (path: string) => boolean;
  /** Returns true if the ignore file excludes a path (relative to the root, with `/`). */
  readonly ignores: (path: string) => boolean;
  /** Returns all files that are not ignored. */
  readonly files: () => ContextFiles;
  /** Returns the files that an instruction with these sources would copy, each once. */
  readonly taken: (sources: ContextSources) => TakenFiles;
}

/** Most files and folders that are read. */
export const maxEntries = 50_000;
