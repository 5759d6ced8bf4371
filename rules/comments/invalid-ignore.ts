import { defineRule } from "../../src/rule/contract.ts";

export const invalidIgnore = defineRule({
  id: "invalid-ignore",
  aliases: [],
  category: "correctness",
  severity: "warning",
  reads: "comments",
  docs: {
    summary: "An ignore comment has no effect, or another effect than intended",
    what: "From the Dockerfile: layerlint comments that cannot be parsed, that name an unknown rule, that no instruction follows, that open a range and never close it, or that follow a command on the same line, where only the shell sees them. Also hadolint comments that cannot be parsed, and `# check=` lines that are not at the top of the file, where BuildKit does not look. Rules of hadolint and checks of BuildKit that layerlint does not have are not reported.",
    why: "The author of the comment believes that the finding is suppressed, but it is not.",
    bad: [
      {
        title: "A misspelt rule id",
        dockerfile:
          "FROM alpine:3.20\n# layerlint ignore=delete-later -- the next build needs it\nRUN ./build\n",
      },
      {
        title: "A reason that hadolint takes for a rule id",
        dockerfile: "FROM debian:12\n# hadolint ignore=DL3008 because we trust Debian\nRUN ./build\n",
      },
    ],
    good: [
      {
        title: "A rule by its id or an id of another linter, and a reason after two dashes",
        dockerfile:
          "FROM debian:12\n# layerlint ignore=deleted-later, DL3009 -- the next build needs it\nRUN ./build\n",
      },
    ],
    fix: "None: layerlint cannot know what was intended.",
  },
  *check({ comments }) {
    for (const comment of comments) {
      for (const { message, start, end } of comment.problems) {
        yield {
          message,
          advice:
            "`layerlint rules` lists the rules. `ignore=` applies to the next instruction, `ignore-file=` to the whole file, `ignore-start=` and `ignore-end=` to everything in between.",
          evidence: "dockerfile",
          locations: [{ range: { start, end } }],
        };
      }
    }
  },
});
