import { defineRule } from "../../src/rule/contract.ts";

export const invalidIgnore = defineRule({
  id: "invalid-ignore",
  aliases: [],
  category: "correctness",
  severity: "warning",
  reads: "comments",
  docs: {
    summary: "A comment that is to silence a rule does nothing, or not what it says",
    what: "From the Dockerfile: comments for layerlint that cannot be read, that name a rule which does not exist, that no instruction follows, that open a range and never end it, or that stand behind a command, where only the shell sees them. Also comments for hadolint that cannot be read, and `# check=` lines below the top of the file, where BuildKit does not look. Rules of hadolint and checks of BuildKit that layerlint does not have are none of its business.",
    why: "Who wrote it believes that something was decided here, and it was not.",
    bad: [
      {
        title: "A misspelt rule",
        dockerfile:
          "FROM alpine:3.20\n# layerlint ignore=delete-later -- the next build needs it\nRUN ./build\n",
      },
      {
        title: "A reason that hadolint takes for the name of a rule",
        dockerfile: "FROM debian:12\n# hadolint ignore=DL3008 because we trust Debian\nRUN ./build\n",
      },
    ],
    good: [
      {
        title: "A rule by its name or by another linter's, and a reason behind two dashes",
        dockerfile:
          "FROM debian:12\n# layerlint ignore=deleted-later, DL3009 -- the next build needs it\nRUN ./build\n",
      },
    ],
    fix: "None: what was meant is yours to say.",
  },
  *check({ comments }) {
    for (const comment of comments) {
      for (const { message, start, end } of comment.problems) {
        yield {
          message,
          advice:
            "Rules are listed by `layerlint rules`. `ignore=` speaks of the next instruction, `ignore-file=` of the whole file, `ignore-start=` and `ignore-end=` of what is between them.",
          evidence: "dockerfile",
          locations: [{ range: { start, end } }],
        };
      }
    }
  },
});
