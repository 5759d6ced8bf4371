import type { Step } from "../build/build.ts";
import type { Command } from "../shell/script.ts";
import { defineRule, type OptionValues, type Rule, type RuleOptions, type Subjects } from "./contract.ts";
import { stepsFor, type StepRule } from "./instruction-rule.ts";
import { textFinding, type PlaceFinding } from "./text-finding.ts";

/**
 * A rule about one command of a RUN at a time. `find` is asked for each command, wherever it stands: behind `sudo`, in a
 * loop, inside `sh -c '…'`. `command.certain` says whether it runs whenever the RUN succeeds, `step.script.complete`
 * whether anything may be concluded from what is not there. The finding is at the command.
 */
export function commandRule<const R extends "dockerfile" | "build", const O extends RuleOptions>({
  commands,
  oncePerRun,
  find,
  ...rule
}: StepRule<R, O> & {
  /** By the names of the programs, without folder; all without. */
  readonly commands?: readonly string[];
  /** The first finding of a RUN is enough. */
  readonly oncePerRun?: true;
  readonly find: (
    command: Command,
    step: Step,
    subject: Subjects[R],
    options: OptionValues<O>,
  ) => PlaceFinding | undefined;
}): Rule {
  return defineRule<R, O>({
    ...rule,
    *check(subject, options) {
      for (const step of stepsFor(rule, subject)) {
        for (const command of step.script?.commands ?? []) {
          if (commands?.includes(command.name ?? "") === false) continue;
          const found = find(command, step, subject, options);
          if (found === undefined) continue;
          yield textFinding({ at: step.instruction, range: command, ...found });
          if (oncePerRun === true) break;
        }
      }
    },
  });
}
