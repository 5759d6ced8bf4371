/** Workflow commands, which GitHub shows as annotations. */
import type { Masked } from "../app/masker.ts";
import type { Report } from "../lint/report.ts";
import { remarks, type Span } from "./finding-lines.ts";

const commands = { error: "error", warning: "warning", info: "notice" } as const;

/** Formats a report as workflow commands, which GitHub shows as annotations of the changed files. */
export function github(report: Masked<Report>): string {
  return remarks(report)
    .map(({ severity, rule, message, advice, file, span }) => {
      const title = rule === undefined ? "layerlint" : `layerlint: ${rule}`;
      const text = advice === undefined ? message : `${message}\n${advice}`;
      // an image is not a file of the repository
      const place =
        span === undefined ? undefined : { file: file.replace(/^(?:\.\/)+/, ""), ...spanOf(span) };
      const properties = Object.entries({ ...place, title }).map(
        ([name, value]) => `${name}=${escapeProperty(String(value))}`,
      );
      return `::${commands[severity]} ${properties.join(",")}::${escapeText(span === undefined ? `${file}: ${text}` : text)}\n`;
    })
    .join("");
}

/** Returns the range. GitHub rejects columns when the lines differ; the end column is inclusive. */
function spanOf({ line, column, endLine, endColumn }: Span) {
  if (line !== endLine) return { line, endLine };
  return { line, endLine, col: column, endColumn: Math.max(column, endColumn - 1) };
}

function escapeText(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeText(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
