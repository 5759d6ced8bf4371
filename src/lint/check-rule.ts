/** Passes each rule the part of a subject that it reads. */
import { buildOf, type Subject } from "../analysis/subject.ts";
import type {
  Finding,
  IgnoreComment,
  OptionValues,
  Reads,
  Rule,
  RuleReading,
  Subjects,
} from "../rule/contract.ts";

/** The views passed to rules, by `reads`; undefined when the subject does not have one. */
export type Views = { readonly [R in Reads]: Subjects[R] | undefined };

/** Makes the views once for a subject, so that rules that share a search share its result. */
export function viewsOf(subject: Subject, comments?: readonly IgnoreComment[]): Views {
  const { dockerfile, image, context, linked } = subject;
  const build = buildOf(subject);
  return {
    dockerfile: dockerfile && { dockerfile, context },
    build,
    image: image && { image, dockerfile: linked ? dockerfile : undefined },
    either: { ...subject, build },
    both: dockerfile && image && { dockerfile, image },
    comments: comments && { comments },
  };
}

/** Returns the findings of one rule; none when the subject does not have what the rule reads. */
export function checkRule(rule: Rule, views: Views, options: OptionValues): Iterable<Finding> {
  // one case for each, so that the compiler sees that the rule gets what it reads
  switch (rule.reads) {
    case "dockerfile":
      return check(rule, views.dockerfile, options);
    case "build":
      return check(rule, views.build, options);
    case "image":
      return check(rule, views.image, options);
    case "either":
      return check(rule, views.either, options);
    case "both":
      return check(rule, views.both, options);
    case "comments":
      return check(rule, views.comments, options);
  }
}

function check<R extends Reads>(
  rule: RuleReading<R>,
  view: Subjects[R] | undefined,
  options: OptionValues,
): Iterable<Finding> {
  return view === undefined ? [] : rule.check(view, options);
}

/** What a finding lacks. The compiler holds the rules of layerlint to the contract, but not those of plugins. */
export function missingIn({ message, advice, locations }: Finding): string | undefined {
  if (typeof message !== "string") return "message";
  if (typeof advice !== "string") return "advice";
  return Array.isArray(locations) ? undefined : "locations";
}

/** Returns true if a rule that reads this might find more with the image that the Dockerfile built. */
export function wantsImage(reads: Reads): boolean {
  return reads !== "dockerfile" && reads !== "comments";
}
