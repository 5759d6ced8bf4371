/** The builder of rules about single commands of a RUN. */
import type { Step } from "../build/build.ts";
import type { Command } from "../shell/script.ts";
import { defineRule, type OptionValues, type Rule, type RuleOptions, type Subjects } from "./contract.ts";
import { stepsFor, type StepRule } from "./instruction-rule.ts";
import { textFinding, type PlaceFinding } from "./text-finding.ts";

/**
 * Builds a rule about single commands of a RUN. `find` is called for each command, also after `sudo`, in a loop or
 * inside `sh -c '…'`. `command.certain` tells whether it runs whenever the RUN succeeds; `step.script.complete` tells
 * whether the absence of a command proves anything. The finding is at the command.
 */
export function commandRule<const R extends "dockerfile" | "build", const O extends RuleOptions>({
  commands,
  oncePerRun,
  find,
  ...rule
}: StepRule<R, O> & {
  /** Names of the programs, without folder; default: all commands. */
  readonly commands?: readonly string[];
  /** Report only the first finding of each RUN. */
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
