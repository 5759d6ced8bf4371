/** Finds the files and folders that COPY, ADD and the commands of a RUN certainly create. */
import type { CopyStep, Step } from "../../build/build.ts";
import type { CloneFacts, DownloadFacts } from "../../knowledge/tool.ts";
import { toolNamed } from "../../knowledge/toolbox.ts";
import { baseName, join, resolve } from "../../paths.ts";
import { optionsOf, type Option } from "../../shell/option-reader.ts";
import type { Command, ShellWord } from "../../shell/script.ts";
import { writtenCaches, type WrittenCache } from "../caches/filled-caches.ts";
import { lineOf } from "./option-words.ts";

/** A path that an instruction certainly creates. */
export interface Creation {
  readonly path: string;
  /**
   * `file`: a file of this name. `dir`: a directory, with something in it that a `*` would match. `tree`: a file of this
   * name or a directory with something in it.
   */
  readonly kind: "file" | "dir" | "tree";
  /** Set for the cache of a package manager, which its own command may empty. */
  readonly filled?: WrittenCache;
}

/** File names that directories do not have. */
const FILE_NAME =
  /\.(?:tar|tgz|tbz2?|txz|tzst|gz|bz2|xz|zst|zip|7z|deb|rpm|apk|whl|egg|gem|jar|war|ear|run|bin|exe|msi|iso|img|sh|py|sql|pem|key|crt|patch|json|txt)$/i;
/** Returns true for a source that is a file, by its name. */
export function isFileName(source: string): boolean {
  const name = baseName(source);
  return name !== undefined && !/[$*?[]/.test(source) && FILE_NAME.test(name);
}

/** Archives that ADD unpacks when they are in the context. */
const UNPACKED = /\.(?:tar(?:\.\w+)?|tgz|tbz2?|txz|tzst|gz|bz2|xz|zst)$/i;
/** Directories that every base image has: COPY puts a file into them even without a trailing slash. */
const KNOWN_DIRECTORIES = new Set(["/tmp", "/var/tmp", "/opt", "/root", "/srv", "/home", "/usr/src"]);

/** Returns what a COPY or ADD certainly creates. */
export function copied({ instruction, scope }: CopyStep): Creation[] {
  const words = instruction.words;
  const target = words.at(-1)?.value;
  const path = resolve(scope.workdir, target);
  if (target === undefined || path === undefined || path === "/" || words.length < 2) return [];
  // Heredoc bodies are a few bytes of text, which is negligible.
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

/** Returns the paths that a COPY or ADD may write to; undefined when unknown. */
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

/** A file of the build context or of a stage, with its target in a COPY. */
export interface CopiedFile {
  /** As a mount names it: without `../../../rules/steps/` in front. */
  readonly source: string;
  readonly target: string;
}

/** Returns the files that a COPY takes, if all its sources are certainly files. */
export function copiedFiles(step: CopyStep): CopiedFile[] | undefined {
  const { instruction, scope } = step;
  const { words, keyword, heredocs } = instruction;
  const target = words.at(-1)?.value;
  const path = resolve(scope.workdir, target);
  if (target === undefined || path === undefined || words.length < 2 || heredocs.length > 0) return undefined;
  const isFolder = words.length > 2 || /(?:^|\/)\.?$/.test(target) || KNOWN_DIRECTORIES.has(path);
  const found: CopiedFile[] = [];
  for (const { value } of words.slice(0, -1)) {
    const name = fileName(value, keyword);
    // without a slash the target may be a folder of the base image, unless it has the name of a file
    if (name === undefined || (!isFolder && !FILE_NAME.test(path))) return undefined;
    found.push({ source: value.replace(/^(?:\.?\/+)+/, ""), target: isFolder ? join(path, name) : path });
  }
  return found;
}

/** Returns the name of a source that certainly arrives as a file. */
function fileName(source: string, keyword: string): string | undefined {
  if (/[$*?[]/.test(source)) return undefined;
  const remote = keyword === "ADD" && /^(?:https?|ftp):\/\//.test(source);
  if (remote) return /[?#]|\.git$/.test(source) ? undefined : baseName(new URL(source).pathname);
  const name = baseName(source);
  if (name === undefined || !FILE_NAME.test(name)) return undefined;
  return keyword === "ADD" && UNPACKED.test(name) ? undefined : name;
}

/** Returns what one command of a RUN certainly creates, if it runs and succeeds. */
export function created(command: Command, step: Step): Creation[] {
  if (command.through.includes("xargs") || command.through.includes("find")) return [];
  const { name } = command;
  const tool = toolNamed(name);
  if (name !== undefined && tool?.downloads !== undefined) {
    const { options, operands } = lineOf(command);
    return [...files(command, downloaded(options, operands, tool.downloads)), ...redirected(command)];
  }
  if (name !== undefined && tool?.cloning !== undefined) return cloned(command, tool.cloning);
  return writtenCaches(command, step).map((filled) => ({ path: filled.path, kind: "dir", filled }));
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

/** Returns the files of a download by their names; undefined for an unknown name. */
function downloaded(
  options: readonly Option[],
  rest: readonly ShellWord[],
  { output, named, keepsQuery, folder, otherwise }: DownloadFacts,
): (string | undefined)[] {
  const given = (names: readonly string[]) => options.filter((option) => names.includes(option.name));
  if (given(otherwise).length > 0) return [];
  const outputs = given(output).map(({ value }) => value?.value);
  if (outputs.length > 0 || (named !== undefined && given(named).length === 0)) return outputs;
  const [prefix] = given(folder).map(({ value }) => value);
  return rest.map((url) => {
    // the name depends on the server
    const file = keepsQuery === true && url.value?.includes("?") === true ? undefined : remoteName(url.value);
    if (file === undefined || prefix === undefined) return file;
    return prefix.value === undefined ? undefined : `${prefix.value}/${file}`;
  });
}

function remoteName(url: string | undefined): string | undefined {
  const path = /^(?:\w+:\/\/)?[^/?#]+(\/(?!\/)[^?#]*)/.exec(url ?? "")?.[1];
  return path === undefined || path.includes("$") ? undefined : baseName(path);
}

function cloned(command: Command, { verb, bare, moves, options: syntax }: CloneFacts): Creation[] {
  const { options: before, operands, sure } = lineOf(command);
  if (sure < 1 || operands[0]?.value !== verb) return [];
  const { options, rest } = optionsOf(operands.slice(1), syntax);
  if (options.some(({ name }) => bare.includes(name))) return [];
  // each is relative to the one before it
  let { cwd } = command;
  for (const { value } of before.filter(({ name }) => name === moves)) cwd = resolve(cwd, value?.value);
  const [url, directory] = rest;
  const name = directory === undefined ? remoteName(url?.value)?.replace(/\.git$/, "") : directory.value;
  const path = resolve(cwd, name);
  return path === undefined ? [] : [{ path, kind: "dir" }];
}
