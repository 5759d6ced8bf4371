import { defineRule, type Dockerfile, type Problem } from "../../src/rule/contract.ts";

export const syntax = defineRule({
  id: "syntax",
  aliases: ["DL1000"],
  category: "correctness",
  severity: "error",
  reads: "dockerfile",
  docs: {
    summary: "The Dockerfile does not parse, or contains something that BuildKit rejects",
    what: "From the Dockerfile: everything that the parser of BuildKit rejects, such as an unknown instruction, an unterminated heredoc, a repeated directive, or a missing FROM. Unknown flags are not an error, because new builder versions add flags. The other rules still check everything that could be parsed. If the first instruction fails already, it is the only error.",
    why: "The build fails at this place, and what follows may mean something else than it seems.",
    bad: [{ title: "A misspelt keyword", dockerfile: "FORM alpine:3.20\nRUN apk add --no-cache curl\n" }],
    good: [{ title: "The same, spelt right", dockerfile: "FROM alpine:3.20\nRUN apk add --no-cache curl\n" }],
    fix: "None: layerlint cannot know what was intended.",
  },
  *check({ dockerfile }) {
    for (const problem of shown(dockerfile.file)) {
      yield {
        message: problem.message,
        advice:
          "Fix this first: the build fails here, and the lines below may be parsed differently afterwards.",
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

/** Returns all problems; only the first one of a file whose first instruction fails: it is probably no Dockerfile. */
function shown({ problems, instructions }: Dockerfile): readonly Problem[] {
  const [first] = instructions;
  const failing = problems.find(
    ({ start }) => first !== undefined && first.start <= start && start <= first.end,
  );
  return failing === undefined ? problems : [failing];
}

/** The instruction that holds the problem; an error outside of all (a directive, an empty file) has only its range. */
function around({ instructions }: Dockerfile, { start }: Problem) {
  return instructions.find((instruction) => instruction.start <= start && start <= instruction.end);
}
