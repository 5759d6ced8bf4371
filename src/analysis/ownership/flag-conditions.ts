/** Decides whether every builder that may be used makes of flags of COPY what a RUN makes (docs/spec/dockerfile.md). */
import type { DockerfileView, RunStep, Step } from "../../build/build.ts";
import type { BuildContext } from "../../context/context.ts";
import type { BytePath, Entry } from "../../image/image.ts";
import { builders, commonFolderMode, type BuilderFacts } from "../../build/builders.ts";
import { octal, sameXattrs } from "./attribute-changes.ts";
import type { ChangedCopy } from "./changed-copy.ts";
import type { FilesBelow } from "./files-below.ts";
import type { Change } from "./permission-change.ts";
import { possibleBuilders } from "./possible-builders.ts";

/** A RUN that changes copied files, and what is known of them. */
export interface FlagQuestion {
  readonly run: RunStep;
  readonly matches: readonly ChangedCopy[];
  readonly view: DockerfileView;
  readonly context: BuildContext | undefined;
  readonly layersOf: (step: Step) => FilesBelow | undefined;
}

/** Set-user-ID and set-group-ID, which chown clears on files. */
const specialBits = 0o6000;

/** Returns true for a mode such as `u+x`. */
export function isSymbolic({ flag, value }: Pick<Change, "flag" | "value">): boolean {
  return flag === "chmod" && !/^\d/.test(value);
}

/** Returns why the flag may make something else than the RUN; undefined when it makes the same. */
export function whyNotAlike(match: ChangedCopy, question: FlagQuestion): string | undefined {
  const possible = possibleBuilders(question.view).map((name) => builders[name]);
  return (
    whyRefused(match, possible) ??
    whyAnotherFolder(match, question) ??
    (question.layersOf(match.copy) === undefined
      ? whySpecialBits(match, question, possible)
      : whyAnotherOutcome(match, question, possible))
  );
}

function whyRefused({ change }: ChangedCopy, possible: readonly BuilderFacts[]): string | undefined {
  if (change.flag !== "chmod") return undefined;
  const refusing = possible.find(
    ({ chmod }) => chmod === "none" || (isSymbolic(change) && chmod === "octal"),
  );
  if (refusing === undefined) return undefined;
  const what = refusing.chmod === "none" ? "--chmod" : `modes like ${change.value}`;
  return `${refusing.title} refuses ${what}; --builder says which builder is used`;
}

function whyAnotherFolder(
  { change, creation, operand, copy }: ChangedCopy,
  { layersOf }: FlagQuestion,
): string | undefined {
  if (change.flag !== "chmod" || creation.kind === "file") return undefined;
  if (Number.parseInt(change.value, 8) !== commonFolderMode)
    return `BuildKit of Docker 20.10 and buildah 1.28 leave the folder ${operand.path} itself 0755`;
  return layersOf(copy) === undefined
    ? `nothing shows the modes of the folders in ${operand.path}`
    : undefined;
}

/** What becomes of the bits. */
function fateOf({ flag }: Change): string {
  return flag === "chown"
    ? "which chown clears and BuildKit keeps"
    : "which chmod clears and BuildKit of Docker 20.10 keeps";
}

/** Asks the build context for the bits, without layers. */
function whySpecialBits(
  { copy, change }: ChangedCopy,
  { context }: FlagQuestion,
  possible: readonly BuilderFacts[],
): string | undefined {
  const { instruction, sources } = copy;
  const isFromContext = instruction.flags.every(({ name }) => name !== "from");
  if (isFromContext && possible.every(({ keepsSpecialBits }) => !keepsSpecialBits)) return undefined;
  const fate = fateOf(change);
  if (isFromContext && sources === undefined && instruction.heredocs.length === instruction.words.length - 1)
    return undefined;
  const taken = sources === undefined ? undefined : context?.taken(sources);
  const special = taken?.files.find(({ mode }) => (mode & specialBits) !== 0);
  if (special !== undefined) return `${special.path} has a set-user-ID or set-group-ID bit, ${fate}`;
  if (taken?.complete === true && taken.missing.length === 0) return undefined;
  return `nothing shows that the files have no set-user-ID bit, ${fate}`;
}

/** Compares what the layers show after the RUN with what the flags would make of the same files. */
function whyAnotherOutcome(
  match: ChangedCopy,
  question: FlagQuestion,
  possible: readonly BuilderFacts[],
): string | undefined {
  const { copy, operand } = match;
  const added = question.layersOf(copy)?.madeBelow(operand.path) ?? new Map<BytePath, Entry>();
  const changed = question.layersOf(question.run)?.madeBelow(operand.path);
  if (clearedMode(match, question) !== undefined)
    return possible.some(({ keepsSpecialBits }) => keepsSpecialBits)
      ? `BuildKit of Docker 20.10 keeps the set-user-ID bit of ${operand.path} under --chmod, too`
      : undefined;
  const flags = question.matches.filter(
    (other) => other.copy === copy && other.operand.path === operand.path,
  );
  const owner = flags.find(({ change }) => change.flag === "chown")?.change.value.split(":");
  const mode = flags.find(({ change }) => change.flag === "chmod" && !isSymbolic(change))?.change.value;
  for (const [path, entry] of added) {
    if (entry.kind === "file" && (entry.mode & specialBits) !== 0)
      return `/${path} has a set-user-ID or set-group-ID bit, ${fateOf(match.change)}`;
    const now = changed?.get(path);
    if (now === undefined) continue;
    const isChanged = flags.length > 0 && now.kind === entry.kind;
    const wanted = mode === undefined ? entry.mode : Number.parseInt(mode, 8);
    const isMode =
      entry.kind === "symlink" || flags.some(({ change }) => isSymbolic(change)) || now.mode === wanted;
    if (!isChanged || !isMode || !isOwner(now, entry, owner) || !sameXattrs(now.xattrs, entry.xattrs))
      return `the layers show /${path} as ${octal(now)} ${now.uid}:${now.gid} after line ${question.run.instruction.line}, which the flags would not make`;
  }
  return undefined;
}

/** Ids are compared; a name says nothing of its number. */
function isOwner(now: Entry, before: Entry, owner: readonly string[] | undefined): boolean {
  if (owner === undefined) return now.uid === before.uid && now.gid === before.gid;
  const [user = "", group = ""] = owner;
  const is = (id: number, wanted: string) => !/^\d+$/.test(wanted) || Number(wanted) === id;
  return is(now.uid, user) && is(now.gid, group);
}

/**
 * Returns the mode that a copied file has after a chown took its set-user-ID or set-group-ID bit away, by the layers:
 * `0755`. Undefined for folders, and where another command sets the mode.
 */
export function clearedMode(
  { copy, change, creation, operand }: ChangedCopy,
  { run, matches, layersOf }: Pick<FlagQuestion, "run" | "matches" | "layersOf">,
): string | undefined {
  if (change.flag !== "chown" || creation.kind !== "file" || copy.instruction.words.length > 2)
    return undefined;
  if (matches.some((other) => other.copy === copy && other.change.flag === "chmod")) return undefined;
  const [before, now] = [copy, run].map((step) => {
    const made = layersOf(step)?.madeBelow(operand.path);
    return made?.size === 1 ? [...made.values()][0] : undefined;
  });
  if (before === undefined || now === undefined || (before.mode & specialBits) === 0) return undefined;
  return (now.mode & specialBits) === 0 ? octal(now) : undefined;
}
