import type { Report } from "../engine/report.ts";
import { remarks } from "./lines.ts";

/** `file:line:column: severity: message [rule]`, as compilers print and editors read it. */
export function gnu(report: Report): string {
  return remarks(report)
    .map(({ file, span, severity, message, rule }) => {
      const place = span === undefined ? file : `${file}:${span.line}:${span.column}`;
      const text = `${place}: ${severity}: ${message}${rule === undefined ? "" : ` [${rule}]`}`;
      return `${text.replace(/\s*[\r\n]+\s*/g, " ")}\n`;
    })
    .join("");
}
