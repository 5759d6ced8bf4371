/** Formats a report as JSON, as the schemas of the package describe it. */
export function json(report: object): string {
  return `${JSON.stringify(report, undefined, 2)}\n`;
}
