/**
 * Predicts changes of owner and mode from the Dockerfile alone, and makes the edits for changes that the layers show.
 */
import { WARNING_FLOOR } from "../../analysis/dead-files.ts";
import { isProvenByLayers } from "../../analysis/layer-evidence.ts";
import type { ChangedCopy } from "../../analysis/ownership/changed-copy.ts";
import { copiedBytes } from "../../analysis/steps/copied-bytes.ts";
import type { BuildSubject, ImageView } from "../../analysis/subject.ts";
import type { BuildContext } from "../../context/context.ts";
import { defined } from "../../defined.ts";
import type { Instruction } from "../../dockerfile/dockerfile.ts";
import type { OwnershipFix } from "../../edits/copy-ownership.ts";
import type { Fix } from "../../edits/fix.ts";
import { formatList } from "../../format.ts";
import { itemAt } from "../../must.ts";
import type { Finding } from "../contract.ts";

/** Yields predicted changes for instructions without layer evidence. */
export function* predictedChanges(subject: BuildSubject, plans: readonly OwnershipFix[]): Iterable<Finding> {
  for (const { run, matches, fix } of plans) {
    // a heredoc is a few bytes of text
    const copies = matches.filter(({ copy }) => copy.instruction.heredocs.length === 0);
    const silent = [run, ...copies.map(({ copy }) => copy)].every(({ instruction }) =>
      isProvenByLayers(subject, instruction),
    );
    if (copies.length === 0 || silent) continue;
    yield toFinding(run.instruction, copies, fix, subject.context);
  }
}

function toFinding(
  run: Instruction,
  matches: readonly ChangedCopy[],
  fix: Fix | undefined,
  context: BuildContext | undefined,
): Finding {
  const lines = unique(matches.map(({ copy }) => copy.instruction.line));
  const adders = lines.length === 1 ? `line ${lines[0]}` : `lines ${formatList(lines.map(String))}`;
  const what = formatList(unique(matches.map(({ change }) => (change.flag === "chown" ? "owner" : "mode"))));
  const paths = unique(matches.map(({ operand }) => operand.path));
  const one = matches.every(({ change }) => !change.recursive) && paths.length === 1;
  const shown = paths.length > 3 ? [...paths.slice(0, 2), `${paths.length - 2} more`] : paths;
  return {
    message: `line ${run.line} changes the ${what} of ${formatList(shown)}, which ${adders} copied: ${one ? "the file is" : "the files are"} stored twice`,
    advice: `Set it in ${adders}: ${advised(matches)}.`,
    evidence: "dockerfile",
    ...(isNegligible(matches, context) ? { severity: "info" } : {}),
    locations: [
      ...unique(matches.map(({ change }) => change.command)).map(({ start, end }) => ({
        instruction: run,
        range: { start, end },
        label: "changed here",
      })),
      ...unique(matches.map(({ copy }) => copy.instruction)).map((instruction) => ({
        instruction,
        label: "added here",
        // of several instructions, a comment applies only to its own
        ...(lines.length === 1 ? { silences: true as const } : {}),
      })),
    ],
    ...defined({ fixes: fix && [fix] }),
  };
}

/** Returns true if the build context shows a few bytes only; else for single files, whose size only layers show. */
function isNegligible(matches: readonly ChangedCopy[], context: BuildContext | undefined): boolean {
  const sizes = new Map(
    matches.map(({ copy, creation }) => [copy.instruction, copiedBytes(copy, creation, context)]),
  );
  let sum = 0;
  for (const bytes of sizes.values()) {
    if (bytes === undefined) return matches.every(({ change }) => !change.recursive);
    sum += bytes;
  }
  return sum < WARNING_FLOOR;
}

function advised(matches: readonly ChangedCopy[]): string {
  const flags = unique(matches.map(({ change }) => `--${change.flag}=${change.value}`));
  return `${itemAt(matches, 0).copy.instruction.keyword} ${flags.join(" ")}`;
}

/**
 * Returns the edits for files that some layers added and another changed, with the bytes of the layers whose COPY they
 * change. `sources` has the bytes of the changed files by the layer that added them.
 */
export function editsFor(
  { origins }: ImageView,
  { sources, hiddenIn }: { readonly sources: ReadonlyMap<number, number>; readonly hiddenIn: number },
  plans: readonly OwnershipFix[],
): Fix[] {
  const instructionOf = (layer: number) => {
    const origin = origins.layers[layer];
    return origin?.certainty === "exact" || origin?.certainty === "aligned" ? origin.instruction : undefined;
  };
  const remover = instructionOf(hiddenIn);
  return plans.flatMap(({ run, matches, fix }) => {
    if (fix === undefined || run.instruction.index !== remover?.index) return [];
    const copies = new Set(matches.map(({ copy }) => copy.instruction.index));
    const own = [...sources].filter(([layer]) => copies.has(instructionOf(layer)?.index ?? -1));
    return own.length === 0 ? [] : [{ ...fix, bytes: own.reduce((sum, [, bytes]) => sum + bytes, 0) }];
  });
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}
