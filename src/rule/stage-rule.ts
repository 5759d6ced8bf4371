/** The builder of rules about single stages. */
import type { DockerfileView, StageView } from "../build/build.ts";
import { defineRule, type OptionValues, type Rule, type RuleMeta, type RuleOptions } from "./contract.ts";
import { textFinding, type PlaceFinding } from "./text-finding.ts";

/** Builds a rule about single stages: the FROM, the name, whether the stage is needed. The finding is at the FROM. */
export function stageRule<const O extends RuleOptions>({
  find,
  ...rule
}: RuleMeta<O> & {
  readonly find: (
    stage: StageView,
    view: DockerfileView,
    options: OptionValues<O>,
  ) => PlaceFinding | undefined;
}): Rule {
  return defineRule<"dockerfile", O>({
    ...rule,
    reads: "dockerfile",
    *check({ dockerfile }, options) {
      for (const stage of dockerfile.stages) {
        const found = find(stage, dockerfile, options);
        if (found !== undefined) yield textFinding({ at: stage.stage.from, ...found });
      }
    },
  });
}
