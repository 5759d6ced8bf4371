/** Functions on the absolute paths of a Dockerfile, as text. */

/** Cleans an absolute path: no `.`, `..`, double or trailing slash. `/` stays. */
export function cleanPath(path: string): string {
  // most are clean as they are written
  if (path.startsWith("/") && !/\/(?:[./]|$)/.test(path)) return path;
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/**
 * Resolves a path word in a directory; undefined when either is unknown, or the shell would expand the word (`~`,
 * `$x`).
 */
export function resolve(cwd: string | undefined, value: string | undefined): string | undefined {
  if (value === undefined || value === "" || value.startsWith("~") || value.includes("$")) return undefined;
  if (value.startsWith("/")) return cleanPath(value);
  return cwd === undefined ? undefined : cleanPath(`${cwd}/${value}`);
}

/** Returns true if `inner` is strictly below `outer`. */
export function isBelow(inner: string, outer: string): boolean {
  return outer === "/" ? inner !== "/" : inner.startsWith(`${outer}/`);
}

/** Returns true if one path equals the other or is below it. */
export function overlaps(a: string, b: string): boolean {
  return a === b || isBelow(a, b) || isBelow(b, a);
}

export function join(directory: string, name: string): string {
  return cleanPath(`${directory}/${name}`);
}

/** Returns the last component; undefined for `/`, an empty text and a text that ends in a slash. */
export function baseName(path: string): string | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return name === "" || name === "." || name === ".." ? undefined : name;
}
