import { isRewordable } from "../../src/edits/editability.ts";
import { lineEnd } from "../../src/edits/layout.ts";
import { defineRule, type Instruction, type TextEdit } from "../../src/rule/contract.ts";
import { textFix, textFinding } from "../../src/rule/text-finding.ts";

export const emptyContinuation = defineRule({
  id: "empty-continuation",
  aliases: ["NoEmptyContinuation"],
  category: "correctness",
  severity: "warning",
  preset: "strict",
  reads: "dockerfile",
  docs: {
    summary: "An instruction contains an empty line after a line continuation",
    what: "From the Dockerfile: empty lines between the first and the last line of an instruction. Empty lines in heredocs are allowed.",
    why: "Builders drop such lines and warn that they will become an error. Readers take the line for the end of the instruction.",
    bad: [
      {
        title: "An empty line after a backslash",
        dockerfile: "FROM debian:12\nRUN apt-get update && \\\n\n    true\n",
      },
    ],
    good: [
      {
        title: "A comment is allowed",
        dockerfile: "FROM debian:12\nRUN apt-get update && \\\n    # and then\n    true\n",
      },
    ],
    fix: "Removes the empty lines. Safe.",
  },
  *check({ dockerfile: view }) {
    const { text, instructions } = view.file;
    for (const at of instructions) {
      const edits = emptyLines(text, at);
      const [first] = edits;
      if (first === undefined) continue;
      yield textFinding({
        at,
        range: { start: first.start, end: first.start },
        message: `line ${view.file.positionAt(first.start).line} is empty, but belongs to the ${at.keyword} of line ${at.line}`,
        advice: "Delete the line, or put # in it.",
        fix: isRewordable(at, view)
          ? textFix(`no empty line in the ${at.keyword} of line ${at.line}`, edits)
          : undefined,
      });
    }
  },
});

/** Each run of empty lines of an instruction, as an edit that takes it away. */
function emptyLines(text: string, { start, argsRange }: Instruction): TextEdit[] {
  const edits: TextEdit[] = [];
  let at = text.indexOf("\n", start) + 1;
  while (at > 0 && at < argsRange.end) {
    const next = text.indexOf("\n", at) + 1;
    if (text.slice(at, lineEnd(text, at)).trim() === "" && next > 0) {
      const last = edits.at(-1);
      if (last?.end === at) edits[edits.length - 1] = { ...last, end: next };
      else edits.push({ start: at, end: next, text: "" });
    }
    at = next;
  }
  return edits;
}
