/** Shared code of the formats with one line per finding. */
import { formatBytes, visible } from "../format.ts";
import type { Severity } from "../rule/contract.ts";
import type { Report } from "../lint/report.ts";

/** One line of output: a finding, a notice, or an exceeded budget. */
export interface Remark {
  readonly severity: Severity;
  /** The rule, or `max-waste`; undefined for notices. */
  readonly rule: string | undefined;
  readonly message: string;
  readonly advice: string | undefined;
  /** Name of a Dockerfile, an image or a configuration. */
  readonly file: string;
  /** Range in a text file; undefined for an image. */
  readonly span: Span | undefined;
}

export interface Span {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  /** Exclusive. */
  readonly endColumn: number;
}

export function remarks({ targets, findings, notices, summary }: Report): Remark[] {
  const name = (target: number | undefined) => visible(targets[target ?? 0]?.name ?? "");
  const all: Remark[] = findings.map(({ severity, rule, message, advice, locations: [place] }) => {
    const { line, column = 1, endLine = line, endColumn = column + 1 } = place ?? {};
    // a finding without a line names its layer
    const where = line === undefined && place?.layer !== undefined ? `layer ${place.layer}: ` : "";
    return {
      severity,
      rule,
      message: visible(where + message),
      advice: advice === "" ? undefined : visible(advice),
      file: name(place?.target),
      span: line === undefined || endLine === undefined ? undefined : { line, column, endLine, endColumn },
    };
  });
  for (const { file, line, message } of notices) {
    const span = { line, column: 1, endLine: line, endColumn: 2 };
    all.push({ severity: "info", rule: undefined, message, advice: undefined, file, span });
  }
  for (const { exceeded, target, avoidableBytes, acceptedBytes = 0, limitBytes } of summary.budgets ?? []) {
    if (!exceeded) continue;
    const message = `${formatBytes(avoidableBytes - acceptedBytes)} are avoidable, at most ${formatBytes(limitBytes)} are allowed`;
    all.push({
      severity: "error",
      rule: "max-waste",
      message,
      advice: undefined,
      file: name(target),
      span: undefined,
    });
  }
  return all;
}
