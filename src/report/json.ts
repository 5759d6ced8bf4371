/** Formats a report as JSON. */
import type { Masked } from "../app/masker.ts";

/** Formats a report as JSON, as the schemas of the package describe it. */
export function json(report: Masked<object>): string {
  return `${JSON.stringify(report, undefined, 2)}\n`;
}
