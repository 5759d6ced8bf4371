/** Finds archives that are unpacked and stay in the image beside their content. */
import type { CopyStep, RunStep, Step } from "../../build/build.ts";
import { toBytes } from "../../byte-path.ts";
import type { Entry } from "../../image/image.ts";
import { toolNamed } from "../../knowledge/toolbox.ts";
import { overlaps, resolve } from "../../paths.ts";
import { layerOf, isProvenByLayers } from "../layer-evidence.ts";
import { copiedFiles, created, type CopiedFile } from "../steps/creations.ts";
import { deletionsIn } from "../steps/deletions.ts";
import { pathAccessOf } from "../steps/path-access.ts";
import { mightTake } from "../steps/removals.ts";
import type { BuildSubject } from "../subject.ts";
import { unpackings, type Unpacking } from "./unpacking.ts";

/** The COPY that adds the archive, with the files it takes; or the RUN that downloads it. */
type Arrival =
  | { readonly adder: CopyStep; readonly copied: CopiedFile }
  | { readonly adder: RunStep; readonly copied: undefined };

export type LeftArchive = Arrival & {
  readonly user: RunStep;
  readonly unpacking: Unpacking;
  /** The archive in the layers; undefined without layer evidence. */
  readonly proof: { readonly layer: number; readonly entry: Entry } | undefined;
};

/** Archives that are useless once unpacked; unlike jars and wheels, no program reads them. */
const ARCHIVE = /\.(?:tar(?:\.\w+)?|tgz|tbz2?|txz|tzst|zip|7z|deb|rpm)$/i;

const known = new WeakMap<BuildSubject, readonly LeftArchive[]>();

/** Returns archives that a COPY adds for a later RUN, and archives that a RUN downloads for itself. Cached. */
export function leftArchives(subject: BuildSubject): readonly LeftArchive[] {
  let found = known.get(subject);
  if (found === undefined) known.set(subject, (found = search(subject)));
  return found;
}

function search(subject: BuildSubject): LeftArchive[] {
  const { dockerfile } = subject;
  const { steps } = dockerfile;
  const found: LeftArchive[] = [];
  for (const [at, step] of steps.entries()) {
    const later = steps.slice(at + 1);
    if (step.keyword === "COPY") found.push(...copiedArchives(step, later, subject));
    if (step.keyword === "RUN") found.push(...downloadedArchives(step, later, subject));
  }
  if (found.length === 0) return found;
  const deletions = deletionsIn(steps);
  return found.filter(
    ({ adder, unpacking: { path } }) =>
      !deletions.some(
        (each) => each.adder === adder && each.removals.some(({ removal }) => overlaps(removal.path, path)),
      ),
  );
}

function copiedArchives(step: CopyStep, later: readonly Step[], subject: BuildSubject): LeftArchive[] {
  return (copiedFiles(step) ?? []).flatMap((copied): LeftArchive[] => {
    if (!ARCHIVE.test(copied.target)) return [];
    for (const user of later) {
      if (user.keyword !== "RUN") continue;
      const unpacking = unpackingOf(user, copied.target);
      if (unpacking === undefined) continue;
      const taken = later.some(
        ({ script }) =>
          script?.commands.some((command) => mightTake(command, { path: copied.target, kind: "file" })) ===
          true,
      );
      const proof = taken ? undefined : proofOf(step, copied.target, subject);
      return proof === undefined ? [] : [{ adder: step, copied, user, unpacking, proof: proof.known }];
    }
    return [];
  });
}

function downloadedArchives(step: RunStep, later: readonly Step[], subject: BuildSubject): LeftArchive[] {
  const { script, mounts } = step;
  return script.commands.flatMap((command, at): LeftArchive[] => {
    if (!command.certain || toolNamed(command.name)?.downloads === undefined) return [];
    return created(command, step).flatMap((creation): LeftArchive[] => {
      const { path } = creation;
      const after = script.commands.slice(at + 1);
      if (
        mounts.some(
          ({ target, type }) => type !== "secret" && (target === undefined || overlaps(target, path)),
        )
      )
        return [];
      const unpacking = unpackingOf(step, path);
      if (unpacking === undefined || script.commands.some(({ name }) => name === "trap")) return [];
      if (after.some((each) => mightTake(each, creation))) return [];
      // an archive that is used again is wanted
      if (later.some((each) => pathAccessOf(each, path) === "uses")) return [];
      const proof = proofOf(step, path, subject);
      return proof === undefined
        ? []
        : [{ adder: step, copied: undefined, user: step, unpacking, proof: proof.known }];
    });
  });
}

function unpackingOf({ script, mounts }: RunStep, path: string): Unpacking | undefined {
  if (script.shell !== "posix" || !script.complete) return undefined;
  if (mounts.some(({ target }) => target !== undefined && overlaps(target, path))) return undefined;
  return script.commands
    .filter(({ certain }) => certain)
    .flatMap(unpackings)
    .find((each) => each.path === path);
}

/** Returns the archive in the layers; undefined if it is not there, unknown without layer evidence. */
function proofOf(
  adder: Step,
  path: string,
  subject: BuildSubject,
): { readonly known: LeftArchive["proof"] } | undefined {
  if (!isProvenByLayers(subject, adder.instruction)) return { known: undefined };
  const layer = layerOf(subject, adder.instruction);
  const node = subject.image?.rootfs.at(toBytes(path.slice(1)));
  if (layer === undefined || node?.entry === undefined || node.kind !== "file" || node.layer !== layer)
    return undefined;
  return { known: { layer, entry: node.entry } };
}

/** Returns true for a path in a VOLUME of the chain. */
export function isInVolume(path: string, steps: readonly Step[]): boolean {
  return steps.some(({ instruction, scope }) => {
    if (instruction.keyword !== "VOLUME") return false;
    const words = instruction.words.map((word) => word.value);
    return words.some((word) => overlaps(resolve(scope.workdir, word) ?? "/", path));
  });
}
