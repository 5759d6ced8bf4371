/**
 * Predicts changes of owner and mode from the Dockerfile alone, and makes the edits for changes that the layers show.
 */
import { isDeadInLayers, isProvenByLayers } from "../../analysis/layer-evidence.ts";
import type { ChangedCopy } from "../../analysis/ownership/changed-copy.ts";
import type { BuildSubject, ImageView } from "../../analysis/subject.ts";
import type { BuilderName } from "../../build/builders.ts";
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
    const isProven = copies.every(({ operand }) => isDeadInLayers(subject, operand.path, ["metadata-only"]));
    if (copies.length === 0 || silent || isProven) continue;
    yield toFinding(run.instruction, copies, fix, subject.dockerfile.builder);
  }
}

function toFinding(
  run: Instruction,
  matches: readonly ChangedCopy[],
  fix: Fix | undefined,
  builder: BuilderName | undefined,
): Finding {
  const lines = unique(matches.map(({ copy }) => copy.instruction.line));
  const adders = lines.length === 1 ? `line ${lines[0]}` : `lines ${formatList(lines.map(String))}`;
  const what = formatList(unique(matches.map(({ change }) => (change.flag === "chown" ? "owner" : "mode"))));
  const paths = unique(matches.map(({ operand }) => operand.path));
  const one = matches.every(({ change }) => !change.recursive) && paths.length === 1;
  const shown = paths.length > 3 ? [...paths.slice(0, 2), `${paths.length - 2} more`] : paths;
  return {
    message: `line ${run.line} changes the ${what} of ${formatList(shown)}, which ${adders} copied: ${one ? "the file is" : "the files are"} stored twice`,
    advice: setIn(adders, advised(matches), builder),
    evidence: "dockerfile",
    // only the layers show the size of a file
    ...(matches.some(({ change }) => change.recursive) ? {} : { severity: "info" }),
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

function advised(matches: readonly ChangedCopy[]): string {
  const flags = unique(matches.map(({ change }) => `--${change.flag}=${change.value}`));
  return `${itemAt(matches, 0).copy.instruction.keyword} ${flags.join(" ")}`;
}

/** The layer that added files, and the one that changed them. */
interface LayerPair {
  readonly addedIn: number | "base";
  readonly hiddenIn: number;
}

/** Returns the edits for files that one layer added and another changed, with the bytes from the layers. */
export function editsFor(
  view: ImageView,
  pair: LayerPair,
  bytes: number,
  plans: readonly OwnershipFix[],
): Fix[] {
  return plansFor(view, pair, plans).flatMap(({ fix }) => (fix === undefined ? [] : [{ ...fix, bytes }]));
}

/** Returns the flags that those edits write; undefined without an edit. */
export function flagsBy(
  view: ImageView,
  pair: LayerPair,
  plans: readonly OwnershipFix[],
): string | undefined {
  const adder = instructionOf(view, pair.addedIn);
  const flags = plansFor(view, pair, plans).flatMap((plan) =>
    [...plan.flags].flatMap(([{ instruction }, text]) => (instruction.index === adder?.index ? [text] : [])),
  );
  return flags[0];
}

function plansFor(view: ImageView, pair: LayerPair, plans: readonly OwnershipFix[]): OwnershipFix[] {
  const [adder, remover] = [instructionOf(view, pair.addedIn), instructionOf(view, pair.hiddenIn)];
  return plans.filter(
    ({ run, matches }) =>
      run.instruction.index === remover?.index &&
      matches.some(({ copy }) => copy.instruction.index === adder?.index),
  );
}

function instructionOf({ origins }: ImageView, layer: number | "base"): Instruction | undefined {
  const origin = layer === "base" ? undefined : origins.layers[layer];
  return origin?.certainty === "exact" || origin?.certainty === "aligned" ? origin.instruction : undefined;
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}
