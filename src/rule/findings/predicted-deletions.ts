/** Predicts deletions from the Dockerfile alone. */
import { cacheAliases, cacheFolderOf } from "../../analysis/caches/cache-folders.ts";
import { WARNING_FLOOR } from "../../analysis/dead-files.ts";
import { isDeadInLayers, isProvenByLayers } from "../../analysis/layer-evidence.ts";
import type { MadeBy } from "../../analysis/made-by.ts";
import { copiedBytes, holdsSecret, isSmallByName } from "../../analysis/steps/copied-bytes.ts";
import { type Creation } from "../../analysis/steps/creations.ts";
import { deletionsIn, type Deletion } from "../../analysis/steps/deletions.ts";
import type { BuildSubject } from "../../analysis/subject.ts";
import { formatBytes } from "../../format.ts";
import { toBytes } from "../../byte-path.ts";
import { defined } from "../../defined.ts";
import { removalFix } from "../../edits/late-removal.ts";
import { isLoginFile } from "../../knowledge/small-files.ts";
import { itemAt } from "../../must.ts";
import { baseName } from "../../paths.ts";
import type { Cause, Finding } from "../contract.ts";
import { instructionAdvice } from "./deletion-advice.ts";

/** How the layers show that a later instruction took something away. */
export const removedCauses = ["deleted", "opaque", "replaced"] as const satisfies readonly Cause[];

/** Yields deletions that the Dockerfile alone shows, for instructions without layer evidence. */
export function* predictedDeletions(subject: BuildSubject): Iterable<Finding> {
  const { dockerfile } = subject;
  for (const deletion of deletionsIn(dockerfile.steps)) {
    const speaks = [deletion.adder, deletion.remover].every(({ instruction }) =>
      isProvenByLayers(subject, instruction),
    );
    const isProven = deletion.creations.every(({ path }) => isDeadInLayers(subject, path, removedCauses));
    if (!speaks && !isProven) yield toFinding(deletion, subject);
  }
}

function toFinding(deletion: Deletion, subject: BuildSubject): Finding {
  const { dockerfile: view } = subject;
  const { creations, removals } = deletion;
  const [adder, remover] = [deletion.adder.instruction, deletion.remover.instruction];
  const fix = removalFix(deletion, view);
  const names = creations.map(nameOf);
  const more = names.length === 1 ? "" : ` and ${names.length - 1} more`;
  const [only] = creations;
  const isOne =
    names.length === 1 &&
    (only?.kind !== "dir" || (only.filled !== undefined && !itemAt(names, 0).endsWith("s")));
  const verb = removals.some(({ removal }) => removal.verb === "deletes") ? "deletes" : "moves away";
  const [cache] = creations.flatMap(
    ({ path, kind }) => cacheFolderOf(toBytes(path.slice(1)), kind === "dir") ?? [],
  );
  const bytes = bytesOf(deletion, subject);
  const size = bytes === undefined ? "" : ` (${formatBytes(bytes)})`;
  const aliases = cacheAliases(creations.map(({ path }) => toBytes(path.slice(1))));
  return {
    ...defined({ aliases }),
    ...(isNegligible(deletion, bytes, subject.context) ? { severity: "info" as const } : {}),
    message: `line ${remover.line} ${verb} ${names[0]}${more}${size}, but line ${adder.line} added ${isOne ? "it" : "them"}: the bytes stay in the layer of line ${adder.line}`,
    advice: creations.every(({ path }) => isLoginFile.test(baseName(path) ?? ""))
      ? "Everybody who has the image can read it. Mount it for the RUN that needs it instead (RUN --mount=type=secret,id=…,target=…), which leaves nothing behind."
      : instructionAdvice({
          adder,
          adderKind: adder.keyword as MadeBy,
          adderName: `line ${adder.line}`,
          removerKind: "RUN",
          removerName: `line ${remover.line}`,
          cache,
          isOne: names.length === 1 && creations[0]?.kind === "file",
        }),
    evidence: "dockerfile",
    locations: [
      { instruction: adder, label: "added here" },
      ...[...new Set(removals.map(({ command }) => command))].map(({ start, end }) => ({
        instruction: remover,
        range: { start, end },
        label: "deleted here",
        silences: true as const,
      })),
    ],
    ...defined({ fixes: fix && [fix] }),
  };
}

/** Returns the bytes in the build context; undefined where it does not show all of them. */
function bytesOf({ adder, creations }: Deletion, { context }: BuildSubject): number | undefined {
  let sum = 0;
  for (const creation of creations) {
    const bytes = copiedBytes(adder, creation, context);
    if (bytes === undefined) return undefined;
    sum += bytes;
  }
  return sum;
}

/** Returns true for a few bytes that nobody should hide: small by their size, or by their names if it is unknown. */
function isNegligible(
  { adder, creations }: Deletion,
  bytes: number | undefined,
  context: BuildSubject["context"],
): boolean {
  if (creations.some((creation) => holdsSecret(adder, creation, context))) return false;
  return bytes === undefined ? creations.every(isSmallByName) : bytes < WARNING_FLOOR;
}

function nameOf({ path, kind, filled }: Creation): string {
  if (path === "/var/lib/apt/lists") return "the package lists in /var/lib/apt/lists";
  if (filled !== undefined) return filled.cache.what;
  return kind === "dir" ? `the files in ${path}` : path;
}
