import { drop } from "../../src/edits/drop.ts";
import { isRewordable } from "../../src/edits/editability.ts";
import { instructionPairRule } from "../../src/rule/instruction-rule.ts";
import { textFix } from "../../src/rule/text-finding.ts";

export const overwrittenCommand = instructionPairRule({
  id: "overwritten-command",
  aliases: ["DL3012", "DL4003", "DL4004", "MultipleInstructionsDisallowed"],
  category: "correctness",
  severity: "warning",
  reads: "dockerfile",
  docs: {
    summary:
      "A CMD, ENTRYPOINT or HEALTHCHECK has no effect, because a later one of the same stage replaces it",
    what: "From the Dockerfile: all CMD, ENTRYPOINT or HEALTHCHECK instructions of a stage except the last of each kind.",
    why: "Only the last one counts. The others have no effect, which confuses whoever edits them.",
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
    fix: "Removes the earlier one. Safe.",
  },
  keywords: ["CMD", "ENTRYPOINT", "HEALTHCHECK"],
  pair: "last",
  find({ instruction: at }, { instruction: last }, { dockerfile: view }) {
    const { keyword } = at;
    const edit = isRewordable(at, view) ? drop(view, at) : undefined;
    return {
      message: `line ${at.line} has ${keyword === "ENTRYPOINT" ? "an" : "a"} ${keyword} that line ${last.line} replaces`,
      advice: `Delete it, or merge both into one: only the last ${keyword} of a stage counts.`,
      fix: edit && textFix(`remove the ${keyword} of line ${at.line}`, [edit]),
    };
  },
});
