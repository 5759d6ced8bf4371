import { defineRule, type Dockerfile, type Problem } from "../../src/rule/contract.ts";

export const syntax = defineRule({
  id: "syntax",
  aliases: ["DL1000"],
  category: "correctness",
  severity: "error",
  reads: "dockerfile",
  docs: {
    summary: "The Dockerfile does not parse, or holds something that BuildKit refuses",
    what: "From the Dockerfile: every place that BuildKit's parser refuses, such as an unknown instruction, a heredoc without end, a repeated directive, or a missing FROM. Flags that are not known are no error: builders learn new ones. The other rules still look at everything that could be read.",
    why: "The build would fail at this place, and what follows may mean something else than it looks like.",
    bad: [{ title: "A misspelt keyword", dockerfile: "FORM alpine:3.20\nRUN apk add --no-cache curl\n" }],
    good: [{ title: "The same, spelt right", dockerfile: "FROM alpine:3.20\nRUN apk add --no-cache curl\n" }],
    fix: "None: what was meant is yours to say.",
  },
  *check({ dockerfile }) {
    for (const problem of dockerfile.file.problems) {
      yield {
        message: problem.message,
        advice:
          "Repair this first: the build fails here, and the lines below may be read differently once it is right.",
        evidence: "dockerfile",
        locations: [
          {
            instruction: around(dockerfile.file, problem),
            range: { start: problem.start, end: problem.end },
          },
        ],
      };
    }
  },
});

/** The instruction that holds the problem; an error outside of all (a directive, an empty file) has only its range. */
function around({ instructions }: Dockerfile, { start }: Problem) {
  return instructions.find((instruction) => instruction.start <= start && start <= instruction.end);
}
