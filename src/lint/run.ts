/** Runs the rules, merges annotations into findings, and orders the result. */
import type { Inode, Subject } from "../analysis/subject.ts";
import { defined } from "../defined.ts";
import type { Dockerfile, TextEdit } from "../dockerfile/dockerfile.ts";
import type { DockerfileFix, Fix } from "../edits/fix.ts";
import type { Finding, Rule, Severity } from "../rule/contract.ts";
import { collect, type Collected } from "./collect.ts";
import { InodeSet } from "../rootfs/inode-set.ts";
import { joinAspects } from "./join-aspects.ts";
import { locate, reportPath, type TargetIndexes } from "./locate.ts";
import type { ReportEdit, ReportFinding, ReportFix } from "./report.ts";
import { lower, type Settings } from "./settings.ts";

/** A finding as the report shows it, with the inodes its bytes belong to. */
export interface LocatedFinding {
  readonly finding: ReportFinding;
  readonly inodes: readonly Inode[];
  readonly fixes: readonly Fix[];
}

export interface RuleResults {
  readonly findings: readonly LocatedFinding[];
  /** The findings that comments and the configuration silenced. */
  readonly suppressed: Pick<Collected, "suppressed" | "suppressedInodes" | "usedAccepts">;
  /** See `Collected`. */
  readonly failures: readonly string[];
}

/** Runs the rules over one subject, merges annotations into the findings they belong to, and orders the result by place. */
export function runRules(subject: Subject, settings: Settings, targets: TargetIndexes): RuleResults {
  const { findings: collected, annotations, failures, ...suppressed } = collect(subject, settings);
  attach(annotations, collected);
  const owned = joinAspects(collected);
  const findings = owned.map(({ rule, finding, notes }) =>
    toLocated(
      finding,
      rule.rule,
      rule.severity,
      notes,
      locate(finding.locations, subject, targets),
      subject.dockerfile?.file,
    ),
  );
  return { findings: findings.toSorted(byPlace), suppressed, failures };
}

/** Returns true for a fix that changes the Dockerfile. */
export function isEdit(fix: Fix): fix is DockerfileFix {
  return fix.edits !== undefined && fix.edits.length > 0;
}

/** Adds the message of each annotation to every finding that owns one of its inodes. */
function attach(
  annotations: readonly Finding[],
  owned: readonly { finding: Finding; notes: string[] }[],
): void {
  for (const annotation of annotations) {
    const about = new InodeSet(annotation.inodes ?? []);
    for (const { finding, notes } of owned) {
      if (finding.inodes?.some((inode) => about.has(inode)) === true) notes.push(annotation.message);
    }
  }
}

function toLocated(
  finding: Finding,
  { id, aliases, category }: Rule,
  severity: Severity,
  notes: readonly string[],
  locations: ReportFinding["locations"],
  file: Dockerfile | undefined,
): LocatedFinding {
  const fixes = finding.fixes ?? [];
  return {
    inodes: finding.inodes ?? [],
    fixes,
    finding: {
      rule: id,
      aliases: [...aliases, ...(finding.aliases ?? [])],
      category,
      severity: finding.severity === undefined ? severity : lower(severity, finding.severity),
      message: finding.message,
      advice: finding.advice,
      ...defined({ bytes: finding.bytes }),
      evidence: finding.evidence,
      locations,
      ...(finding.paths === undefined
        ? {}
        : {
            paths: finding.paths.map(({ path, bytes, files, note }) => ({
              ...reportPath(path),
              bytes,
              ...defined({ files, note }),
            })),
          }),
      ...defined({ morePaths: finding.morePaths }),
      ...(notes.length === 0 ? {} : { notes }),
      fixes: fixes.map((fix) => toReportFix(fix, file)),
    },
  };
}

function rank({ finding: { severity } }: LocatedFinding): number {
  return severity === "error" ? 2 : severity === "warning" ? 1 : 0;
}

function toReportFix(fix: Fix, file: Dockerfile | undefined): ReportFix {
  const { description, safety, condition, bytes, creates } = fix;
  const edits = file === undefined || !isEdit(fix) ? undefined : fix.edits;
  const optimize = optionsOf(fix);
  return {
    description,
    safety,
    changes: edits !== undefined || creates !== undefined ? "dockerfile" : "image",
    ...defined({ optimize, condition, bytes }),
    ...(edits === undefined || file === undefined
      ? {}
      : { edits: edits.map((edit) => toReportEdit(edit, file)) }),
  };
}

/** Returns the options of `layerlint optimize` for a fix; undefined when it does not apply the fix. */
function optionsOf(fix: Fix): string | undefined {
  switch (fix.operation) {
    case "drop-dead":
      return "";
    case "drop-identical":
      return "--drop identical";
    case "prune":
      return `--prune ${fix.prunes}`;
    case "squash":
      return `--squash ${fix.squashes.first}-${fix.squashes.last}`;
    case undefined:
      return undefined;
  }
}

function toReportEdit({ start, end, text }: TextEdit, file: Dockerfile): ReportEdit {
  const from = file.positionAt(start);
  const to = file.positionAt(end);
  return { line: from.line, column: from.column, endLine: to.line, endColumn: to.column, text };
}

function byPlace(a: LocatedFinding, b: LocatedFinding): number {
  const [x, y] = [a.finding.locations[0], b.finding.locations[0]];
  return (
    (x?.target ?? 0) - (y?.target ?? 0) ||
    (x?.line ?? Infinity) - (y?.line ?? Infinity) ||
    (x?.layer ?? -1) - (y?.layer ?? -1) ||
    rank(b) - rank(a) ||
    (b.finding.bytes ?? -1) - (a.finding.bytes ?? -1) ||
    (a.finding.rule < b.finding.rule ? -1 : a.finding.rule > b.finding.rule ? 1 : 0)
  );
}
