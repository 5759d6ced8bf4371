import { isRewordable } from "../../src/edits/editability.ts";
import { itemAt } from "../../src/must.ts";
import { defineRule } from "../../src/rule/contract.ts";
import { textFix, textFinding, replace } from "../../src/rule/text-finding.ts";

export const consistentInstructionCasing = defineRule({
  id: "consistent-instruction-casing",
  aliases: ["ConsistentInstructionCasing"],
  category: "correctness",
  severity: "info",
  preset: "strict",
  reads: "dockerfile",
  docs: {
    summary: "Keywords are written in upper case in some places and in lower case in others",
    what: "From the Dockerfile: a keyword in another case than most keywords of the file, which may be all upper or all lower case. In a tie, upper case wins.",
    why: "Upper case tells keywords from arguments at a glance, but only if it is used consistently.",
    bad: [
      { title: "One keyword in lower case", dockerfile: "FROM alpine:3.20\nrun apk --version\nUSER 1\n" },
    ],
    good: [{ title: "All in lower case", dockerfile: "from alpine:3.20\nrun apk --version\nuser 1\n" }],
    fix: "Changes the case of the keyword. Safe.",
  },
  *check({ dockerfile: view }) {
    const { text, instructions } = view.file;
    const written = instructions.map((each) => text.slice(each.keywordRange.start, each.keywordRange.end));
    const lower = written.filter((word) => word === word.toLowerCase()).length;
    const upper = written.filter((word) => word === word.toUpperCase()).length;
    for (const [i, at] of instructions.entries()) {
      const word = itemAt(written, i);
      const wanted = lower > upper ? word.toLowerCase() : word.toUpperCase();
      if (word === wanted) continue;
      yield textFinding({
        at,
        range: at.keywordRange,
        message: `line ${at.line} writes ${word}, but most keywords of the file are in ${lower > upper ? "lower" : "upper"} case`,
        advice: `Write ${wanted}.`,
        fix: isRewordable(at, view)
          ? textFix(`${wanted} in line ${at.line}`, [replace(at.keywordRange, wanted)])
          : undefined,
      });
    }
  },
});
