import type { CopyStep, Step } from "../../build/build.ts";
import type { Command, ShellWord } from "../../shell/script.ts";
import { writtenCaches, type WrittenCache } from "../caches/filled-caches.ts";
import { optionsOf } from "./command-options.ts";
import { baseName, join, resolve } from "../../paths.ts";

/** A path that an instruction certainly makes. */
export interface Creation {
  readonly path: string;
  /**
   * `file`: a file of this name. `dir`: a directory, with something in it that a `*` would match. `tree`: a file of this
   * name or a directory with something in it.
   */
  readonly kind: "file" | "dir" | "tree";
  /** The cache of a package manager, whose own command may empty it. */
  readonly filled?: WrittenCache;
}

/** Names that are files whatever the build context holds: nobody names a directory so. */
const FILE_NAME =
  /\.(?:tar|tgz|tbz2?|txz|tzst|gz|bz2|xz|zst|zip|7z|deb|rpm|apk|whl|egg|gem|jar|war|ear|run|bin|exe|msi|iso|img|sh|py|sql|pem|key|crt|patch|json|txt)$/i;
/** A source that is a file, by its name. */
export function isFileName(source: string): boolean {
  const name = baseName(source);
  return name !== undefined && !/[$*?[]/.test(source) && FILE_NAME.test(name);
}

/** What ADD unpacks when it comes from the context. */
const UNPACKED = /\.(?:tar(?:\.\w+)?|tgz|tbz2?|txz|tzst|gz|bz2|xz|zst)$/i;
/** Directories that every base image has: COPY puts a file into them even without a trailing slash. */
const KNOWN_DIRECTORIES = new Set(["/tmp", "/var/tmp", "/opt", "/root", "/srv", "/home", "/usr/src"]);

/** What a COPY or ADD certainly makes. */
export function copied({ instruction, scope }: CopyStep): Creation[] {
  const words = instruction.words;
  const target = words.at(-1)?.value;
  const path = resolve(scope.workdir, target);
  if (target === undefined || path === undefined || path === "/" || words.length < 2) return [];
  // Heredoc bodies are a few bytes of text; no waste to speak of.
  if (instruction.heredocs.length > 0) return [];
  const sources = words.slice(0, -1).map((word) => word.value);
  const directory = sources.length > 1 || /(?:^|\/)\.?$/.test(target);
  const creations: Creation[] = [{ path, kind: directory ? "dir" : "tree" }];
  if (!directory && !KNOWN_DIRECTORIES.has(path)) return creations;
  if (instruction.flags.some((flag) => flag.name === "parents")) return creations;
  for (const source of sources) {
    const name = fileName(source, instruction.keyword);
    if (name !== undefined) creations.push({ path: join(path, name), kind: "file" });
  }
  return creations;
}

/** The paths that a COPY or ADD may write to; undefined when that is not known. */
export function copyTargets(step: CopyStep): string[] | undefined {
  const { instruction, scope } = step;
  const { words, keyword, flags, heredocs } = instruction;
  const target = words.at(-1)?.value;
  const path = resolve(scope.workdir, target);
  if (target === undefined || path === undefined || words.length < 2) return undefined;
  const names = words.slice(0, -1).map((word) => fileName(word.value, keyword));
  const isPlain =
    heredocs.length === 0 && flags.every(({ name }) => name !== "parents" && name !== "exclude");
  const isFolder = target.endsWith("/") || names.length > 1 || KNOWN_DIRECTORIES.has(path);
  if (!isPlain || !isFolder || names.includes(undefined)) return [path];
  return names.flatMap((name) => (name === undefined ? [] : [join(path, name)]));
}

/** A file of the build context, or of a stage, and where a COPY puts it. */
export interface CopiedFile {
  /** As a mount names it: without `../../../rules/steps/` in front. */
  readonly source: string;
  readonly target: string;
}

/** What a COPY takes, when all of it is certainly files. */
export function copiedFiles(step: CopyStep): CopiedFile[] | undefined {
  const { instruction, scope } = step;
  const { words, keyword, heredocs } = instruction;
  const target = words.at(-1)?.value;
  const path = resolve(scope.workdir, target);
  if (target === undefined || path === undefined || words.length < 2 || heredocs.length > 0) return undefined;
  const isFolder = words.length > 2 || /(?:^|\/)\.?$/.test(target) || KNOWN_DIRECTORIES.has(path);
  const files: CopiedFile[] = [];
  for (const { value } of words.slice(0, -1)) {
    const name = fileName(value, keyword);
    // without a slash the target may be a folder of the base image, unless it has the name of a file
    if (name === undefined || (!isFolder && !FILE_NAME.test(path))) return undefined;
    files.push({ source: value.replace(/^(?:\.?\/+)+/, ""), target: isFolder ? join(path, name) : path });
  }
  return files;
}

/** The name under which one source certainly arrives as a file. */
function fileName(source: string, keyword: string): string | undefined {
  if (/[$*?[]/.test(source)) return undefined;
  const remote = keyword === "ADD" && /^(?:https?|ftp):\/\//.test(source);
  if (remote) return /[?#]|\.git$/.test(source) ? undefined : baseName(new URL(source).pathname);
  const name = baseName(source);
  if (name === undefined || !FILE_NAME.test(name)) return undefined;
  return keyword === "ADD" && UNPACKED.test(name) ? undefined : name;
}

/** What one command of a RUN certainly makes, if it runs and succeeds. */
export function created(command: Command, step: Step): Creation[] {
  if (command.through.includes("xargs") || command.through.includes("find")) return [];
  switch (command.name) {
    case "curl":
      return [...files(command, curl(command)), ...redirected(command)];
    case "wget":
      return [...files(command, wget(command)), ...redirected(command)];
    case "git":
      return cloned(command);
    case "apk":
      return apk(command);
    default:
      return writtenCaches(command, step).map((filled) => ({ path: filled.path, kind: "dir", filled }));
  }
}

function files(command: Command, names: readonly (string | undefined)[]): Creation[] {
  return names.flatMap((name) => {
    const path = name === "-" ? undefined : resolve(command.cwd, name);
    return path === undefined || path.startsWith("/dev/") ? [] : [{ path, kind: "file" as const }];
  });
}

function redirected(command: Command): Creation[] {
  return command.redirects.flatMap(({ operator, target }) => {
    if (!/^1?>{1,2}$|^>\|$/.test(operator) || target === undefined || target.glob) return [];
    return files(command, [target.value]);
  });
}

function curl({ args }: Command): (string | undefined)[] {
  const { options, rest } = optionsOf(args, "AbcCdDeEFhHKmoPQrtTuUwxXyYz", [
    "--output",
    "--header",
    "--user",
    "--data",
    "--request",
    "--retry",
    "--retry-delay",
    "--retry-max-time",
    "--connect-timeout",
    "--max-time",
    "--user-agent",
    "--proto",
    "--url",
    "--cacert",
    "--referer",
  ]);
  const has = (...names: string[]) => options.some(({ name }) => names.includes(name));
  if (has("-J", "--remote-header-name", "--output-dir", "-Z", "--parallel", "-K", "--config")) return [];
  const outputs = options.filter(({ name }) => name === "-o" || name === "--output");
  const named = outputs.map(({ value }) => value?.value);
  if (!has("-O", "--remote-name") || outputs.length > 0) return named;
  return rest.map(({ value }) => remoteName(value));
}

function wget({ args }: Command): (string | undefined)[] {
  const { options, rest } = optionsOf(args, "oaeiBtOTwQPUlADIRX", [
    "--output-document",
    "--directory-prefix",
    "--header",
    "--tries",
    "--timeout",
    "--user-agent",
    "--output-file",
  ]);
  const value = (...names: string[]) => options.find(({ name }) => names.includes(name))?.value;
  const odd = /^(?:-i|-r|-m|-x|--input-file|--recursive|--mirror|--content-disposition|--force-directories)$/;
  if (options.some(({ name }) => odd.test(name))) return [];
  const output = value("-O", "--output-document");
  if (output !== undefined) return [output.value];
  const prefix = value("-P", "--directory-prefix");
  return rest.map((url) => {
    // wget keeps the query in the name; not worth guessing.
    const name = url.value?.includes("?") === true ? undefined : remoteName(url.value);
    if (name === undefined || prefix === undefined) return name;
    return prefix.value === undefined ? undefined : `${prefix.value}/${name}`;
  });
}

function remoteName(url: string | undefined): string | undefined {
  const path = /^(?:\w+:\/\/)?[^/?#]+(\/[^?#]*)/.exec(url ?? "")?.[1];
  return path === undefined || path.includes("$") ? undefined : baseName(path);
}

function cloned({ args, cwd }: Command): Creation[] {
  if (args[0]?.value !== "clone") return [];
  const { options, rest } = optionsOf(args.slice(1), "bocuj", [
    "--branch",
    "--depth",
    "--origin",
    "--config",
    "--reference",
    "--jobs",
    "--template",
    "--filter",
    "--shallow-since",
    "--separate-git-dir",
  ]);
  if (options.some(({ name }) => name === "--bare" || name === "--mirror")) return [];
  const [url, directory] = rest;
  const name = directory === undefined ? remoteName(url?.value)?.replace(/\.git$/, "") : directory.value;
  const path = resolve(cwd, name);
  return path === undefined ? [] : [{ path, kind: "dir" }];
}

function apk(command: Command): Creation[] {
  const words = new Set(command.args.map((word) => word.value));
  if (words.has(undefined) || words.has("--no-cache") || words.has("--cache-dir")) return [];
  const name = subcommand(command);
  const fetches =
    name === "update" ||
    (name === "add" && (words.has("-U") || words.has("--update") || words.has("--update-cache")));
  return fetches ? [{ path: "/var/cache/apk", kind: "dir" }] : [];
}

/** The first word that is no option. */
export function subcommand({ args }: { readonly args: readonly ShellWord[] }): string | undefined {
  return args.find((word) => word.value === undefined || !word.value.startsWith("-"))?.value;
}
