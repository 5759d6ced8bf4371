import { isRewordable } from "../../src/edits/editability.ts";
import { stageRule } from "../../src/rule/stage-rule.ts";
import { textFix, replace } from "../../src/rule/text-finding.ts";

export const fromAsCasing = stageRule({
  id: "from-as-casing",
  aliases: ["FromAsCasing"],
  category: "correctness",
  severity: "info",
  preset: "strict",
  docs: {
    summary: "FROM and AS are written in different cases",
    what: "From the Dockerfile: `FROM … as` and `from … AS`. A FROM in mixed case is reported by `consistent-instruction-casing`.",
    why: "FROM and AS belong together, and tools that search for ` AS ` miss the stage.",
    bad: [{ title: "as after FROM", dockerfile: "FROM golang:1.23 as build\nRUN go version\n" }],
    good: [{ title: "Both in upper case", dockerfile: "FROM golang:1.23 AS build\nRUN go version\n" }],
    fix: "Changes AS to the case of FROM. Safe.",
  },
  find({ stage: { from } }, view) {
    const as = from.words[1];
    if (as?.text.toUpperCase() !== "AS") return undefined;
    const keyword = view.file.text.slice(from.keywordRange.start, from.keywordRange.end);
    const isLower = keyword === keyword.toLowerCase();
    const wanted = isLower ? "as" : "AS";
    if (as.text === wanted || (!isLower && keyword !== keyword.toUpperCase())) return undefined;
    return {
      range: as,
      message: `line ${from.line} has ${keyword} and ${as.text} in different cases`,
      advice: `Write ${wanted}.`,
      fix: isRewordable(from, view)
        ? textFix(`${wanted} in line ${from.line}`, [replace(as, wanted)])
        : undefined,
    };
  },
});
