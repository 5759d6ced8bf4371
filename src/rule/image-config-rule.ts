/** The builder of rules about the configuration of an image. */
import { defined } from "../defined.ts";
import type { ImageSubject } from "../analysis/subject.ts";
import type { Keyword } from "../dockerfile/dockerfile.ts";
import type { ImageConfig } from "../image/image.ts";
import { defineRule, type OptionValues, type Rule, type RuleMeta, type RuleOptions } from "./contract.ts";
import type { PlaceFinding } from "./text-finding.ts";

/**
 * Builds a rule about the configuration of an image: USER, ENV, labels, ports, the command. `find` returns the
 * problem. The finding is at the last instruction with that `keyword` if the image's Dockerfile is given too, else at
 * the image.
 */
export function imageConfigRule<const O extends RuleOptions>({
  keyword,
  find,
  ...rule
}: RuleMeta<O> & {
  /** The keyword that sets the value in a Dockerfile, in upper case: `USER`. */
  readonly keyword: Keyword;
  readonly find: (
    config: ImageConfig,
    subject: ImageSubject,
    options: OptionValues<O>,
  ) => Omit<PlaceFinding, "range"> | undefined;
}): Rule {
  return defineRule<"image", O>({
    ...rule,
    reads: "image",
    *check(subject, options) {
      const found = find(subject.image.image.config, subject, options);
      if (found === undefined) return;
      const { fix, ...rest } = found;
      const step = subject.dockerfile?.steps.findLast((each) => each.keyword === keyword);
      yield {
        evidence: step === undefined ? "layers" : "both",
        locations: step === undefined ? [] : [{ instruction: step.instruction }],
        ...defined({ fixes: fix && [fix] }),
        ...rest,
      };
    },
  });
}
