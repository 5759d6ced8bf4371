/** `file:line:column: severity: message`, which editors read. */
import type { Masked } from "../app/masker.ts";
import type { Report } from "../lint/report.ts";
import { remarks } from "./finding-lines.ts";

/** Formats a report as `file:line:column: severity: message [rule]`, as compilers do and editors read it. */
export function gnu(report: Masked<Report>): string {
  return remarks(report)
    .map(({ file, span, severity, message, rule }) => {
      const place = span === undefined ? file : `${file}:${span.line}:${span.column}`;
      const text = `${place}: ${severity}: ${message}${rule === undefined ? "" : ` [${rule}]`}`;
      return `${text.replace(/\s*[\r\n]+\s*/g, " ")}\n`;
    })
    .join("");
}
