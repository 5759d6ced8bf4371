import { isEditable } from "../../src/edits/editability.ts";
import type { Step } from "../../src/rule/contract.ts";
import { instructionRule } from "../../src/rule/instruction-rule.ts";
import { replace, textFix } from "../../src/rule/text-finding.ts";

export const shellFormCommand = instructionRule({
  id: "shell-form-command",
  aliases: ["DL3025", "JSONArgsRecommended"],
  category: "correctness",
  severity: "warning",
  preset: "strict",
  reads: "dockerfile",
  docs: {
    summary: "CMD or ENTRYPOINT in shell form: the shell gets the signals, not the program",
    what: "From the Dockerfile: CMD and ENTRYPOINT that are not a JSON array, unless the stage sets its own SHELL.",
    why: "The program runs as a child of `/bin/sh -c`. `docker stop` ends the shell and kills the program after ten seconds. An ENTRYPOINT in shell form ignores CMD and all arguments.",
    bad: [{ title: "node never sees SIGTERM", dockerfile: "FROM node:22\nCMD node server.js --port 80\n" }],
    good: [
      { title: "JSON form", dockerfile: 'FROM node:22\nCMD ["node", "server.js", "--port", "80"]\n' },
      {
        title: "An explicit SHELL",
        dockerfile: 'FROM node:22\nSHELL ["/bin/bash", "-c"]\nCMD exec node server.js "$PORT"\n',
      },
    ],
    fix: "Rewrites a single command with plain words to the JSON form. Unsafe: no shell runs it any more.",
  },
  keywords: ["CMD", "ENTRYPOINT"],
  find(step, { dockerfile: view }) {
    const { instruction: at, scope } = step;
    if (at.form === "exec" || scope.shell.join(" ") !== "/bin/sh -c") return undefined;
    const words = isEditable(step, view) ? wordsOf(step) : undefined;
    const json =
      words === undefined ? undefined : `[${words.map((word) => JSON.stringify(word)).join(", ")}]`;
    return {
      message: `line ${at.line} has ${at.keyword === "CMD" ? "a CMD" : "an ENTRYPOINT"} in shell form: the shell gets the signals, not the program`,
      advice:
        json === undefined
          ? `Write a JSON array, or a script that ends in exec. If you need a shell, name it: ${at.keyword} ["/bin/sh", "-c", "…"].`
          : `Write ${at.keyword} ${json}.`,
      fix:
        json === undefined
          ? undefined
          : textFix(
              `${at.keyword} in line ${at.line} as JSON`,
              [replace(at.argsRange, json)],
              "no shell runs the command any more: signals, variables and profiles are up to the program",
            ),
    };
  },
});

/** Names that only a shell knows. */
const BUILTINS = new Set(
  ". : [ alias cd command eval export set source test trap ulimit umask unset wait".split(" "),
);

/** Undefined unless a shell would do nothing with the words but pass them on. */
function wordsOf({ instruction: { body, line, endLine } }: Step): string[] | undefined {
  if (line !== endLine) return undefined;
  const pattern = /(?:[\w./:@%+,=-]+|'[^'\\]*'|"[^"\\$`!]*")+|\S/g;
  const words: string[] = [];
  for (const [word] of body.matchAll(pattern)) {
    if (!/^(?:[\w./:@%+,=-]|'[^']*'|"[^"]*")+$/.test(word)) return undefined;
    words.push(word.replace(/'([^']*)'|"([^"]*)"/g, "$1$2"));
  }
  if (words[0] === "exec") words.shift();
  const [first] = words;
  return first === undefined || first.includes("=") || BUILTINS.has(first) ? undefined : words;
}
