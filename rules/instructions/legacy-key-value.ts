import { isRewordable } from "../../src/edits/editability.ts";
import type { DockerfileView, Instruction, TextEdit } from "../../src/rule/contract.ts";
import { instructionRule } from "../../src/rule/instruction-rule.ts";
import { textFix } from "../../src/rule/text-finding.ts";

export const legacyKeyValue = instructionRule({
  id: "legacy-key-value",
  aliases: ["LegacyKeyValueFormat"],
  category: "correctness",
  severity: "info",
  preset: "strict",
  reads: "dockerfile",
  docs: {
    summary: "ENV or LABEL in the old form, without an equals sign",
    what: "From the Dockerfile: `ENV name value` and `LABEL name value`, where the rest of the line is the value.",
    why: "The old form sets one variable only: `ENV a 1 b=2` sets `a` to the value `1 b=2`. BuildKit warns about it.",
    bad: [{ title: "A space instead of =", dockerfile: "FROM node:22\nENV NODE_ENV production\n" }],
    good: [{ title: "With =", dockerfile: "FROM node:22\nENV NODE_ENV=production\n" }],
    fix: "Rewrites it to `name=value`, with quotes if the value contains spaces. Safe, and offered only if both forms provably have the same value.",
  },
  keywords: ["ENV", "LABEL"],
  find({ instruction: at }, { dockerfile: view }) {
    const [pair] = at.pairs;
    if (pair?.rawValue === undefined || at.words[0]?.text.includes("=") !== false) return undefined;
    return {
      message: `line ${at.line} sets ${pair.name} without =`,
      advice: `Write ${at.keyword} ${pair.name}=value, with quotes around a value that contains spaces.`,
      fix: isRewordable(at, view)
        ? textFix(`${at.keyword} ${pair.name}=… in line ${at.line}`, withEquals(at, pair.rawValue, view))
        : undefined,
    };
  },
});

/** Undefined where the new form might say something else. */
function withEquals(at: Instruction, raw: string, { file }: DockerfileView): TextEdit[] | undefined {
  const [name, word] = at.words;
  const end = at.argsRange.end;
  if (name === undefined || word === undefined || !/^[\w.-]+$/.test(name.text)) return undefined;
  // a comment between the lines would become part of a value, or get lost
  if (/\n[ \t]*#/.test(file.text.slice(name.end, end))) return undefined;
  if (raw.includes(file.escape) || raw.includes("\\")) return undefined;
  const gap = { start: name.end, end: word.start };
  // quotes that hold whole words mean the same in both forms
  if (/^(?:[^'"\s]|"[^"]*"|'[^']*')+$/.test(raw)) return [{ ...gap, text: "=" }];
  if (/['"]/.test(raw)) return undefined;
  return [
    { ...gap, text: '="' },
    { start: end, end, text: '"' },
  ];
}
