/** Finds the Dockerfiles below a folder. */
import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import ignore, { type Ignore } from "ignore";
import { UserError } from "../../errors.ts";
import { errorCode } from "../../records.ts";
import { readRegularFile } from "../../regular-file.ts";

/** Largest .gitignore that is read, in bytes. */
const maxIgnoreFile = 2 ** 20;

/**
 * Finds the Dockerfiles below a folder, as paths relative to it, in byte order: Dockerfile, Containerfile,
 * `*.Dockerfile` and `Dockerfile.*`, but not templates, documents, scripts, backups and rejected patches
 * (`Dockerfile.j2`, `Dockerfile.sh`, `Dockerfile.orig`), nor `Dockerfile.dockerignore`, which BuildKit reads as an ignore
 * file.
 * Symlinks, `.git` and node_modules are not entered; the .gitignore files from this folder down are honoured. A
 * subfolder that cannot be read is reported to `complain`, and the search goes on.
 */
export async function findDockerfiles(
  folder: string,
  complain: (message: string) => void,
): Promise<string[]> {
  const found: string[] = [];
  await walk(folder, "", [], found, complain);
  return found.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

/** A .gitignore and its folder, relative to the searched folder: empty, or with a trailing slash. */
interface Rules {
  readonly prefix: string;
  readonly rules: Ignore;
}

async function walk(
  root: string,
  prefix: string,
  above: readonly Rules[],
  found: string[],
  complain: (message: string) => void,
): Promise<void> {
  let entries: Dirent[];
  try {
    entries = await readdir(join(root, prefix), { withFileTypes: true });
  } catch (error) {
    const code = errorCode(error) ?? "error";
    const message = `${join(root, prefix)}: cannot be searched (${code}); is it readable, and its name UTF-8?`;
    if (prefix === "") throw new UserError(message);
    complain(message);
    return;
  }
  let rules = above;
  if (entries.some((entry) => entry.name === ".gitignore" && entry.isFile())) {
    const text = gitignoreIn(join(root, prefix), complain);
    rules = [...above, { prefix, rules: ignore({ ignorecase: false }).add(text) }];
  }
  for (const entry of entries) {
    const path = prefix + entry.name;
    if (entry.isDirectory()) {
      if (entry.name === ".git" || entry.name === "node_modules" || isIgnored(`${path}/`, rules)) continue;
      await walk(root, `${path}/`, rules, found, complain);
    } else if (entry.isFile() && isDockerfileName(entry.name) && !isIgnored(path, rules)) {
      found.push(path);
    }
  }
}

function gitignoreIn(folder: string, complain: (message: string) => void): string {
  try {
    return readRegularFile(join(folder, ".gitignore"), maxIgnoreFile).toString("utf8");
  } catch (error) {
    if (error instanceof UserError) complain(error.message);
    return "";
  }
}

/** Returns true for an ignored path; the innermost .gitignore with a matching pattern decides, as in git. */
function isIgnored(path: string, rules: readonly Rules[]): boolean {
  for (const { prefix, rules: own } of rules.toReversed()) {
    const verdict = own.test(path.slice(prefix.length));
    if (verdict.ignored) return true;
    if (verdict.unignored) return false;
  }
  return false;
}

/** Endings of files that are made from a Dockerfile, or that one is made from. .pre-commit-hooks.yaml has them too. */
const OTHER =
  /\.(?:dockerignore|j2|jinja2?|njk|template|tmpl|gotmpl|tpl|erb|ejs|hbs|mustache|liquid|m4|in|md|rst|adoc|html|txt|sh|bash|ps1|ya?ml|json|toml|orig|bak|rej|sw[op]|patch|diff)$|~$/;

export function isDockerfileName(name: string): boolean {
  if (OTHER.test(name)) return false;
  return (
    name === "Dockerfile" ||
    name === "Containerfile" ||
    name.endsWith(".Dockerfile") ||
    name.startsWith("Dockerfile.")
  );
}
