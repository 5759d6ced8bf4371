/** Compiles the globs of a configuration. */
import picomatch from "picomatch";

const options = { dot: true, windows: false } as const;

/**
 * Matches files of a repository. A glob without a slash matches a file or folder name at any depth; a glob with a
 * slash is relative to the configuration's folder. A folder matches all files in it.
 */
export function fileGlob(globs: readonly string[]): (path: string) => boolean {
  const names = globs.filter((glob) => !inner(glob).includes("/")).map((glob) => compile(inner(glob)));
  const paths = globs.filter((glob) => inner(glob).includes("/")).map((glob) => compile(inner(glob)));
  return (path) => {
    const parts = path.split("/");
    return (
      parts.some((part) => names.some((matches) => matches(part))) ||
      parts.some((_, i) => paths.some((matches) => matches(parts.slice(0, i + 1).join("/"))))
    );
  };

  /** Normalizes a glob: `/a` and `./a` are anchored, `a/` is a folder. */
  function inner(glob: string): string {
    const bare = glob.replace(/^\.\//, "").replace(/\/+$/, "");
    return bare === "" ? "**" : bare;
  }

  function compile(glob: string) {
    return picomatch(glob.replace(/^\//, ""), options);
  }
}

/** Matches files inside an image, relative to its root. */
export function imageGlob(glob: string): (path: string) => boolean {
  return picomatch(glob.replace(/^\/+/, "").replace(/\/+$/, "/**"), options);
}

/** Returns why a glob is invalid; undefined for a valid one. */
export function whyNoGlob(glob: string): string | undefined {
  if (glob.trim() === "") return "a glob must not be empty";
  if (glob.startsWith("!")) return `"${glob}": negated globs are not supported; name the files to match`;
  try {
    picomatch(glob, options);
    return undefined;
  } catch (error) {
    return `"${glob.slice(0, 40)}…": ${(error as Error).message}`;
  }
}
