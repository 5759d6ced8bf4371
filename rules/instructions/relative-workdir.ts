import { isEditable } from "../../src/edits/editability.ts";
import { resolve } from "../../src/paths.ts";
import type { Step } from "../../src/rule/contract.ts";
import { instructionRule } from "../../src/rule/instruction-rule.ts";
import { textFix, replace } from "../../src/rule/text-finding.ts";

export const relativeWorkdir = instructionRule({
  id: "relative-workdir",
  aliases: ["DL3000", "WorkdirRelativePath"],
  category: "correctness",
  severity: "warning",
  preset: "strict",
  reads: "dockerfile",
  docs: {
    summary: "WORKDIR with a relative path",
    what: "From the Dockerfile: a WORKDIR that does not begin with `/`, a drive letter or a variable.",
    why: "It depends on the previous WORKDIR, or on that of the base image, which a new version of the image may change.",
    bad: [
      { title: "Relative to the WORKDIR of the base image", dockerfile: "FROM node:22\nWORKDIR app\n" },
      { title: "Relative to an earlier WORKDIR", dockerfile: "FROM node:22\nWORKDIR /srv\nWORKDIR app\n" },
    ],
    good: [{ title: "Absolute", dockerfile: "FROM node:22\nWORKDIR /srv/app\n" }],
    fix: "Replaces it by the absolute path. Safe if the stage, or a stage that it is based on, has set an absolute WORKDIR. Unsafe if it depends on the base image.",
  },
  keywords: ["WORKDIR"],
  find(step, { dockerfile: view }) {
    const { instruction: at, scope } = step;
    const [word] = at.words;
    if (word === undefined || !/^["']?(?![A-Za-z]:)[^/\\$"']/.test(word.text)) return undefined;
    const absolute = isEditable(step, view) ? absoluteOf(step, word.text) : undefined;
    return {
      message: `line ${at.line} sets the working directory to ${word.text}, relative to ${scope.workdir ?? "that of the base image"}`,
      advice: `Write the absolute path${absolute === undefined ? "" : `: WORKDIR ${absolute}`}.`,
      fix:
        absolute === undefined
          ? undefined
          : textFix(
              `WORKDIR ${absolute} in line ${at.line}`,
              [replace(word, absolute)],
              scope.workdir === undefined ? "the base image may set another WORKDIR than /" : undefined,
            ),
    };
  },
});

/** Undefined for quotes, escapes and `..` after a variable, which would have to be interpreted. */
function absoluteOf({ scope }: Step, path: string): string | undefined {
  if (!/^[\w.@+${}/ -]+$/.test(path)) return undefined;
  const base = scope.workdir ?? "/";
  if (!path.includes("$")) return resolve(base, path);
  return /(?:^|\/)\.\.?(?:\/|$)/.test(path) ? undefined : `${base === "/" ? "" : base}/${path}`;
}
