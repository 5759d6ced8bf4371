/** The globs of a configuration. */
import picomatch from "picomatch";

const options = { dot: true, windows: false } as const;

/**
 * Files of a repository. A glob without a slash is the name of a file or folder at any depth, one with a slash counts
 * from the configuration's folder on, and a folder stands for all that is in it.
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

  /** `/a` is anchored, `./a` too, and `a/` is a folder. */
  function inner(glob: string): string {
    const bare = glob.replace(/^\.\//, "").replace(/\/+$/, "");
    return bare === "" ? "**" : bare;
  }

  function compile(glob: string) {
    return picomatch(glob.replace(/^\//, ""), options);
  }
}

/** Files inside an image, from its root. */
export function imageGlob(glob: string): (path: string) => boolean {
  return picomatch(glob.replace(/^\/+/, "").replace(/\/+$/, "/**"), options);
}

/** Why a glob cannot be used; undefined when it can. */
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
