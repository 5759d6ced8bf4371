import { itemAt } from "../../src/must.ts";
import { defineRule, type Finding, type IgnoreComment } from "../../src/rule/contract.ts";

export const unusedIgnore = defineRule({
  id: "unused-ignore",
  aliases: [],
  category: "correctness",
  severity: "info",
  preset: "strict",
  reads: "comments",
  docs: {
    summary: "An ignore comment suppresses nothing",
    what: "From the Dockerfile: layerlint comments that name a rule which ran and found nothing where the comment applies. Rules that check layers are judged only if the image is given too and belongs to the Dockerfile, because otherwise it is unknown what they would find. Comments for other linters are not reported.",
    why: "The comment was needed once. Now it only hides the next mistake in this place.",
    bad: [
      {
        title: "The line was fixed, but the comment stayed",
        dockerfile:
          "FROM alpine:3.20\n# layerlint ignore=syntax -- our frontend knows this one\nRUN ./build\n",
      },
    ],
    good: [
      {
        title: "A comment that is needed",
        dockerfile:
          "FROM alpine:3.20\n# layerlint ignore=syntax -- our frontend knows this one\nBUILD ./all\n",
      },
    ],
    fix: "Removes the comment, or the unused names in it. Safe: builders do not read it. There is no fix in a heredoc, nor if the comment keeps a line below it from being read as a parser directive.",
  },
  *check({ comments }) {
    for (const comment of comments) {
      const useless = comment.names.filter(({ unused }) => unused).map(({ name }) => name);
      if (comment.unused || useless.length > 0) yield toFinding(comment, useless);
    }
  },
});

function toFinding({ start, end, unused, removal }: IgnoreComment, names: readonly string[]): Finding {
  const list = names.join(", ");
  const what = unused ? "remove the comment" : `remove ${list} from the comment`;
  return {
    message: names.length === 0 ? "nothing is found in this file" : `nothing is found here by ${list}`,
    advice: `${itemAt(what, 0).toUpperCase()}${what.slice(1)}.`,
    evidence: "dockerfile",
    locations: [{ range: { start, end } }],
    ...(removal === undefined
      ? {}
      : { fixes: [{ description: what, safety: "safe" as const, edits: removal }] }),
  };
}
