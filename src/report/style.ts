/** Colours, widths, wrapping and clipping of text output. */
import { Chalk, type ChalkInstance } from "chalk";
import type { Severity } from "../rule/contract.ts";

/** Colours and width of the output. */
export interface Style {
  readonly chalk: ChalkInstance;
  readonly width: number;
}

/** Chooses the style by `--color`, NO_COLOR, FORCE_COLOR and the terminal, in this order. */
export function styleFor(
  color: "auto" | "always" | "never",
  env: Readonly<Record<string, string | undefined>>,
  terminal: { readonly isTTY?: boolean | undefined; readonly columns?: number | undefined },
): Style {
  const wanted =
    color === "always" ||
    (color === "auto" &&
      !env["NO_COLOR"] &&
      ((env["FORCE_COLOR"] !== undefined && env["FORCE_COLOR"] !== "0") ||
        (terminal.isTTY === true && env["TERM"] !== "dumb")));
  const width = terminal.isTTY === true ? Math.min(Math.max(terminal.columns ?? 80, 60), 110) : 100;
  return { chalk: new Chalk({ level: wanted ? 1 : 0 }), width };
}

export function paintSeverity(style: Style, severity: Severity): string {
  const { chalk } = style;
  if (severity === "error") return chalk.red.bold("error");
  return severity === "warning" ? chalk.yellow.bold("warning") : chalk.blue.bold("info");
}

/** Breaks a text between words so that no line is longer than `width`; a longer word stands alone. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    for (const word of paragraph.split(" ")) {
      if (line !== "" && line.length + 1 + word.length > width) {
        lines.push(line);
        line = word;
      } else line = line === "" ? word : `${line} ${word}`;
    }
    lines.push(line);
  }
  return lines;
}
