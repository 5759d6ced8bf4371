/** Builders of rules about single instructions, or pairs of instructions. */
import type { Step } from "../build/build.ts";
import { allSteps } from "../build/all-steps.ts";
import type { Instruction, Keyword } from "../dockerfile/dockerfile.ts";
import {
  defineRule,
  type Finding,
  type OptionValues,
  type Rule,
  type RuleMeta,
  type RuleOptions,
  type Subjects,
} from "./contract.ts";
import { textFinding, type PlaceFinding } from "./text-finding.ts";

/** The options shared by builders of rules about instructions and commands. */
export interface StepRule<R extends "dockerfile" | "build", O extends RuleOptions> extends RuleMeta<O> {
  /**
   * `dockerfile`: the text alone decides, and every stage is checked. `build`: the layers of the image may prove or
   * refute the finding, and only the stages whose layers are in the image are checked.
   */
  readonly reads: R;
  /** Leaves out the stages that the build does not run. */
  readonly onlyNeeded?: true;
}

/** A step whose instruction has one of the keywords. */
export type StepOf<K extends Keyword> = Step & {
  readonly keyword: K;
  readonly instruction: Instruction & { readonly keyword: K };
};

type Found = PlaceFinding | undefined;

/**
 * Builds a rule about single instructions other than FROM (see `stageRule`). `find` is called once for each
 * instruction with one of the `keywords`, and returns the problem.
 */
export function instructionRule<
  const R extends "dockerfile" | "build",
  const K extends Keyword,
  const O extends RuleOptions,
>({
  keywords,
  find,
  ...rule
}: StepRule<R, O> & {
  /** In upper case: `["COPY", "ADD"]`. */
  readonly keywords: readonly K[];
  readonly find: (step: StepOf<K>, subject: Subjects[R], options: OptionValues<O>) => Found;
}): Rule {
  return defineRule<R, O>({
    ...rule,
    *check(subject, options) {
      for (const step of stepsFor(rule, subject))
        if (isOf(step, keywords)) yield* at(step, find(step, subject, options));
    },
  });
}

/**
 * Builds a rule about two instructions of one stage. `next`: each instruction and the next one. `last`: each
 * instruction and the last one with the same keyword. The finding is at the first of the two.
 */
export function instructionPairRule<
  const R extends "dockerfile" | "build",
  const K extends Keyword,
  const O extends RuleOptions,
>({
  keywords,
  pair,
  find,
  ...rule
}: StepRule<R, O> & {
  /** The keywords of both instructions, in upper case. */
  readonly keywords: readonly K[];
  readonly pair: "next" | "last";
  readonly find: (
    first: StepOf<K>,
    second: StepOf<K>,
    subject: Subjects[R],
    options: OptionValues<O>,
  ) => Found;
}): Rule {
  return defineRule<R, O>({
    ...rule,
    *check(subject, options) {
      const steps = stepsFor(rule, subject);
      for (const [index, step] of steps.entries()) {
        if (!isOf(step, keywords)) continue;
        const isPartner = ({ stage, keyword }: Step) =>
          stage === step.stage && (pair === "next" || keyword === step.keyword);
        const other = pair === "next" ? steps[index + 1] : steps.findLast(isPartner);
        if (other === undefined || other === step || !isPartner(other)) continue;
        if (isOf(other, keywords)) yield* at(step, find(step, other, subject, options));
      }
    },
  });
}

/** Returns the steps that such a rule checks, in the order of the file. */
export function stepsFor(
  { reads, onlyNeeded }: StepRule<"dockerfile" | "build", RuleOptions>,
  { dockerfile }: Subjects["dockerfile" | "build"],
): readonly Step[] {
  if (reads === "build") return dockerfile.steps;
  const steps = allSteps(dockerfile);
  return onlyNeeded === true
    ? steps.filter(({ stage }) => dockerfile.stages[stage.index]?.needed === true)
    : steps;
}

function isOf<K extends Keyword>(step: Step, keywords: readonly K[]): step is Step & StepOf<K> {
  return keywords.some((keyword) => keyword === step.keyword);
}

function* at({ instruction }: Step, found: Found): Iterable<Finding> {
  if (found !== undefined) yield textFinding({ at: instruction, ...found });
}
