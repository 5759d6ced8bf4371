import { defineRule, type Finding, type IgnoreComment } from "../../src/rule/contract.ts";

export const unusedIgnore = defineRule({
  id: "unused-ignore",
  aliases: [],
  category: "correctness",
  severity: "info",
  preset: "strict",
  reads: "comments",
  docs: {
    summary: "A comment silences a rule that finds nothing there",
    what: "From the Dockerfile: comments for layerlint that name a rule which ran and had nothing to say where the comment reaches. A rule that looks at layers is judged only when the image is given too and belongs to the Dockerfile, because without it nobody knows what it would find. Comments for other linters are theirs to judge.",
    why: "It was right once. Now it only waits to hide the next mistake in this place.",
    bad: [
      {
        title: "The line was repaired, the comment stayed",
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
    fix: "The comment goes, or the names in it that are of no use. Safe: builders do not read it. None in a heredoc, and none where the comment keeps a line below it from being read as a parser directive.",
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
    advice: `${what[0]!.toUpperCase()}${what.slice(1)}.`,
    evidence: "dockerfile",
    locations: [{ range: { start, end } }],
    ...(removal === undefined
      ? {}
      : { fixes: [{ description: what, safety: "safe" as const, edits: removal }] }),
  };
}
