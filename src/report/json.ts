import type { Report } from "../lint/report.ts";

/** The report itself (schema/report.schema.json). */
export function json(report: Report): string {
  return `${JSON.stringify(report, undefined, 2)}\n`;
}
