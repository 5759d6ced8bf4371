/** Finds files that a COPY of a whole folder takes although hardly any image needs them. */
import type { DockerfileView, Step } from "../build/build.ts";
import { toBytes } from "../byte-path.ts";
import type { Entry } from "../image/image.ts";
import { unwantedInContext, type Unwanted } from "../knowledge/unwanted-in-context.ts";
import { resolve } from "../paths.ts";
import { makesFolder } from "./packages/project-installs.ts";
import type { BuildSubject } from "./subject.ts";

/** One file, by its path in the context. */
export interface TakenFile {
  readonly path: string;
  readonly size: number;
  /** The entry, if layers show the file. */
  readonly entry?: Entry;
}

/** The unwanted files that one line of a .dockerignore would exclude. */
export interface UnwantedGroup {
  readonly unwanted: Unwanted;
  /** `.git`, `**\/node_modules`. */
  readonly pattern: string;
  readonly files: TakenFile[];
  bytes: number;
}

/** Returns the sources that are folders, cleaned: `` for the whole context. */
export function wholeFolders(step: Step, subject: BuildSubject): string[] {
  const { sources } = step;
  const { context } = subject;
  if (sources === undefined || sources.parents) return [];
  return sources.paths.flatMap((path) => {
    const cleaned = cleanSource(path);
    if (cleaned === "") return [""];
    if (context === undefined || /[*?[\\]/.test(path)) return [];
    const { files } = context.taken({ paths: [path], exclude: [], parents: false });
    return files.some((file) => file.path.startsWith(`${cleaned}/`)) ? [cleaned] : [];
  });
}

/** Returns the files that the COPY takes: from its layer if that is known, else from the context. */
export function takenFiles(
  step: Step,
  folders: readonly string[],
  { context, image }: BuildSubject,
  layer: number | undefined,
): { readonly files: readonly TakenFile[]; readonly complete: boolean } {
  const { sources, instruction, scope } = step;
  if (layer !== undefined && image !== undefined) {
    const target = resolve(scope.workdir, instruction.words.at(-1)?.value);
    if (target === undefined) return { files: [], complete: false };
    const below = target === "/" ? "" : `${toBytes(target.slice(1))}/`;
    const folder = folders[0] === undefined || folders[0] === "" ? "" : `${folders[0]}/`;
    const files: TakenFile[] = [];
    for (const entry of image.image.layers[layer]?.entries ?? []) {
      if (entry.kind !== "file" || !entry.path.startsWith(below)) continue;
      const path = `${folder}${entry.path.slice(below.length)}`;
      // a file that is ignored by now is fixed already; the image is older
      if (context?.ignores(path) !== true) files.push({ path, size: entry.size, entry });
    }
    return { files, complete: true };
  }
  if (context === undefined || sources === undefined) return { files: [], complete: false };
  return context.taken(sources);
}

/** Groups the unwanted files by the pattern that would exclude them, most bytes first. */
export function unwantedAmong(
  files: readonly TakenFile[],
  folders: readonly string[],
  view: DockerfileView,
): UnwantedGroup[] {
  const wanted = wantedPaths(view);
  const named = new Set(wanted.flatMap((path) => path.split("/")));
  const groups = new Map<string, UnwantedGroup>();
  const holders = new Map<string, boolean>();
  for (const file of files) {
    const folder = folders.find((each) => each === "" || file.path.startsWith(`${each}/`));
    if (folder === undefined) continue;
    const found = rootOf(file.path, folder === "" ? 0 : folder.length + 1, files, holders);
    if (found === undefined) continue;
    const { unwanted, root } = found;
    // who copies a folder of keys by its name wants them
    if (unwanted.kind === "secret" && FOR_SECRETS.test(folder)) continue;
    const name = root.slice(root.lastIndexOf("/") + 1);
    if (wanted.some((path) => path === root || path.startsWith(`${root}/`)) || !applies(unwanted, name, view))
      continue;
    // a pattern for every folder would also exclude what an instruction names
    const pattern = root === name || named.has(name) ? root : `**/${name}`;
    let group = groups.get(pattern);
    if (group === undefined) groups.set(pattern, (group = { unwanted, pattern, files: [], bytes: 0 }));
    group.files.push(file);
    group.bytes += file.size;
  }
  // `**/node_modules` also matches `node_modules`
  for (const group of groups.values()) {
    const deep = groups.get(`**/${group.pattern}`);
    if (deep === undefined) continue;
    deep.files.push(...group.files);
    deep.bytes += group.bytes;
    groups.delete(group.pattern);
  }
  return [...groups.values()].toSorted((a, b) => b.bytes - a.bytes || (a.pattern < b.pattern ? -1 : 1));
}

/** Folders whose name says that they hold keys. */
const FOR_SECRETS = /(?:^|[/._-])(?:ssh|aws|gnupg|keys?|secrets?|certs?|credentials)(?:[/._-]|$)/i;

/** Returns the first unwanted part of the path from `from` on; parts that the COPY itself names are wanted. */
function rootOf(
  path: string,
  from: number,
  files: readonly TakenFile[],
  holders: Map<string, boolean>,
): { readonly unwanted: Unwanted; readonly root: string } | undefined {
  for (let start = from; start <= path.length;) {
    const slash = path.indexOf("/", start);
    const end = slash < 0 ? path.length : slash;
    const name = path.slice(start, end);
    const is = slash < 0 ? "file" : "folder";
    const root = path.slice(0, end);
    const unwanted = unwantedInContext.find((each) => each.is === is && each.name.test(name));
    if (unwanted !== undefined && holds(unwanted, root, files, holders)) return { unwanted, root };
    start = end + 1;
  }
  return undefined;
}

function holds(
  { holds: needed }: Unwanted,
  root: string,
  files: readonly TakenFile[],
  known: Map<string, boolean>,
): boolean {
  if (needed === undefined) return true;
  let found = known.get(root);
  if (found === undefined) {
    found = files.some(({ path }) => path.startsWith(`${root}/`) && needed.test(path.slice(root.length + 1)));
    known.set(root, found);
  }
  return found;
}

/** Returns true if the Dockerfile recreates the file, if that is required, and runs no command that uses it. */
function applies({ isMade, usedBy }: Unwanted, name: string, view: DockerfileView): boolean {
  const commands = view.stages.flatMap(({ steps }) => steps.flatMap(({ script }) => script?.commands ?? []));
  if (usedBy !== undefined && commands.some((command) => usedBy.includes(command.name ?? ""))) return false;
  return isMade !== true || commands.some((command) => makesFolder(command, name));
}

/** Returns the paths that instructions name themselves; a pattern that excludes them would break the build. */
function wantedPaths(view: DockerfileView): string[] {
  return view.stages.flatMap(({ steps }) =>
    steps.flatMap(({ sources, mounts }) => [
      ...(sources?.paths.map(cleanSource) ?? []),
      ...mounts.flatMap(({ type, options }) => {
        const source = options.get("source") ?? options.get("src");
        return type === "bind" && source !== undefined && !options.has("from") ? [cleanSource(source)] : [];
      }),
    ]),
  );
}

function cleanSource(path: string): string {
  const cleaned = resolve("/", path) ?? path;
  return cleaned.slice(1);
}
