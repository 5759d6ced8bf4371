/**
 * Predicts changes of owner and mode from the Dockerfile alone, and makes the edits for changes that the layers show.
 */
import { WARNING_FLOOR } from "../../analysis/dead-files.ts";
import { isDeadInLayers, isProvenByLayers } from "../../analysis/layer-evidence.ts";
import type { ChangedCopy } from "../../analysis/ownership/changed-copy.ts";
import { copiedBytes } from "../../analysis/steps/copied-bytes.ts";
import type { BuildSubject, ImageView } from "../../analysis/subject.ts";
import type { BuilderName } from "../../build/builders.ts";
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
  for (const { run, matches, fix, needsName } of plans) {
    // a heredoc is a few bytes of text
    const copies = matches.filter(({ copy }) => copy.instruction.heredocs.length === 0);
    const silent = [run, ...copies.map(({ copy }) => copy)].every(({ instruction }) =>
      isProvenByLayers(subject, instruction),
    );
    const isProven = copies.every(({ operand }) => isDeadInLayers(subject, operand.path, ["metadata-only"]));
    if (copies.length === 0 || silent || isProven) continue;
    yield toFinding(run.instruction, copies, { fix, needsName }, subject);
  }
}

function toFinding(
  run: Instruction,
  matches: readonly ChangedCopy[],
  { fix, needsName }: Pick<OwnershipFix, "fix" | "needsName">,
  { dockerfile: { builder }, context }: BuildSubject,
): Finding {
  const lines = unique(matches.map(({ copy }) => copy.instruction.line));
  const adders = lines.length === 1 ? `line ${lines[0]}` : `lines ${formatList(lines.map(String))}`;
  const what = formatList(unique(matches.map(({ change }) => (change.flag === "chown" ? "owner" : "mode"))));
  const paths = unique(matches.map(({ operand }) => operand.path));
  const one = matches.every(({ change }) => !change.recursive) && paths.length === 1;
  const shown = paths.length > 3 ? [...paths.slice(0, 2), `${paths.length - 2} more`] : paths;
  return {
    message: `line ${run.line} changes the ${what} of ${formatList(shown)}, which ${adders} copied: ${one ? "the file is" : "the files are"} stored twice`,
    advice: `${setIn(adders, advised(matches), builder)}${needsName ? ` The user and the group must exist by then: create them above line ${Math.min(...lines)}.` : ""}`,
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

/** Advises flags of a COPY: `COPY --chown=33:33`. */
export function setIn(where: string, copy: string, builder: BuilderName | undefined): string {
  const isRefused = builder === "docker-classic" && copy.includes("--chmod");
  return `Set it in ${where}: ${copy}${isRefused ? ", which needs BuildKit: build with DOCKER_BUILDKIT=1" : ""}.`;
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

/** The layers that added files, with the bytes of the changed ones, and the layer that changed them. */
interface ChangedLayers {
  readonly sources: ReadonlyMap<number, number>;
  readonly hiddenIn: number;
}

/**
 * Returns the edits for files that some layers added and another changed, with the bytes of the layers whose COPY they
 * change.
 */
export function editsFor(view: ImageView, changed: ChangedLayers, plans: readonly OwnershipFix[]): Fix[] {
  return plansFor(view, changed, plans).flatMap(({ fix, bytes }) =>
    fix === undefined ? [] : [{ ...fix, bytes }],
  );
}

/** Returns the flags that those edits write; undefined without an edit, and where COPYs get different ones. */
export function flagsBy(
  view: ImageView,
  changed: ChangedLayers,
  plans: readonly OwnershipFix[],
): string | undefined {
  const adders = new Set([...changed.sources.keys()].map((layer) => instructionOf(view, layer)?.index));
  const flags = plansFor(view, changed, plans).flatMap((plan) =>
    [...plan.flags].flatMap(([{ instruction }, text]) => (adders.has(instruction.index) ? [text] : [])),
  );
  return unique(flags).length === 1 ? flags[0] : undefined;
}

function plansFor(
  view: ImageView,
  { sources, hiddenIn }: ChangedLayers,
  plans: readonly OwnershipFix[],
): (OwnershipFix & { readonly bytes: number })[] {
  const remover = instructionOf(view, hiddenIn);
  return plans.flatMap((plan) => {
    if (plan.run.instruction.index !== remover?.index) return [];
    const copies = new Set(plan.matches.map(({ copy }) => copy.instruction.index));
    const own = [...sources].filter(([layer]) => copies.has(instructionOf(view, layer)?.index ?? -1));
    return own.length === 0 ? [] : [{ ...plan, bytes: own.reduce((sum, [, bytes]) => sum + bytes, 0) }];
  });
}

function instructionOf({ origins }: ImageView, layer: number): Instruction | undefined {
  const origin = origins.layers[layer];
  return origin?.certainty === "exact" || origin?.certainty === "aligned" ? origin.instruction : undefined;
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}
