import { instructionPairRule } from "../../src/rule/instruction-rule.ts";
import { drop } from "../../src/edits/drop.ts";
import { textFix } from "../../src/rule/text-finding.ts";
import { isRewordable } from "../../src/edits/editability.ts";

export const overwrittenCommand = instructionPairRule({
  id: "overwritten-command",
  aliases: ["DL3012", "DL4003", "DL4004", "MultipleInstructionsDisallowed"],
  category: "correctness",
  severity: "warning",
  reads: "dockerfile",
  docs: {
    summary: "A CMD, ENTRYPOINT or HEALTHCHECK that a later one of the same stage replaces",
    what: "From the Dockerfile: of several CMD, ENTRYPOINT or HEALTHCHECK in one stage, all but the last.",
    why: "Only the last one counts. The others have no effect, and whoever edits them wonders why.",
    bad: [
      {
        title: "Two CMDs",
        dockerfile: 'FROM node:22\nCMD ["node", "a.js"]\nUSER node\nCMD ["node", "b.js"]\n',
      },
    ],
    good: [
      {
        title: "One in each stage",
        dockerfile: 'FROM node:22 AS dev\nCMD ["node", "--watch", "a.js"]\nFROM dev\nCMD ["node", "a.js"]\n',
      },
    ],
    fix: "Without the earlier one; safe.",
  },
  keywords: ["CMD", "ENTRYPOINT", "HEALTHCHECK"],
  pair: "last",
  find({ instruction: at }, { instruction: last }, { dockerfile: view }) {
    const { keyword } = at;
    const edit = isRewordable(at, view) ? drop(view, at) : undefined;
    return {
      message: `line ${at.line} has ${keyword === "ENTRYPOINT" ? "an" : "a"} ${keyword} that line ${last.line} replaces`,
      advice: `Delete it, or put both into one; of several ${keyword}s in a stage only the last counts.`,
      fix: edit && textFix(`without the ${keyword} of line ${at.line}`, [edit]),
    };
  },
});
