/** One subject → its part of the report: what it is, what the rules say of it, and whether that fails the run. */
import { defined } from "../defined.ts";
import { describeImage } from "./describe-image.ts";
import type { ImageView, Inode, Subject } from "../analysis/subject.ts";
import { avoidableOf } from "../rootfs/totals.ts";
import type { TargetIndexes } from "./locate.ts";
import { InodeSet } from "./inodes.ts";
import type { Budget, ReportAppliedFix, ReportImage, ReportSavings, ReportTarget } from "./report.ts";
import { runRules, type LocatedFinding, type RuleResults } from "./run.ts";
import { atLeast, type Accept, type Settings, type WasteBudget } from "./settings.ts";

/** The part of a report that one subject makes. */
export interface Audit {
  readonly targets: readonly ReportTarget[];
  readonly findings: readonly LocatedFinding[];
  /** Findings that comments and the configuration silenced. */
  readonly suppressed: number;
  /** Something is at or above `failOn`, or a budget is exceeded. */
  readonly failed: boolean;
  /** Of the image, where there is a limit. */
  readonly budget: Budget | undefined;
  /** What the configuration accepts in this image by rules that ran, and whether that met a finding. */
  readonly accepts: ReadonlyMap<Accept, boolean>;
  readonly failures: readonly string[];
  /** What `fix` did to the Dockerfile. */
  readonly applied?: readonly ReportAppliedFix[];
}

export interface AuditOptions {
  readonly settings: Settings;
  /** Where the subject's targets stand in the report. */
  readonly targets: TargetIndexes;
  /** All dead files, not only the largest 100. */
  readonly all: boolean;
  /** What rewriting the image would save, where somebody has planned it. */
  readonly savings?: ReportSavings | undefined;
  /** What the rules said, where they have run already. */
  readonly results?: RuleResults;
}

/** Runs the rules over a subject and describes its targets, the Dockerfile first unless the image has the lower index. */
export function audit(subject: Subject, options: AuditOptions): Audit {
  const { settings } = options;
  const results = options.results ?? runRules(subject, settings, options.targets);
  const targets: [number, ReportTarget][] = [];
  let budget: Budget | undefined;
  if (subject.dockerfile !== undefined && options.targets.dockerfile !== undefined) {
    const stage = subject.dockerfile.target;
    const named = defined({ name: stage?.name });
    targets.push([
      options.targets.dockerfile,
      {
        kind: "dockerfile",
        name: subject.dockerfile.file.name,
        ...defined({ stage: stage && { index: stage.index, ...named } }),
      },
    ]);
  }
  if (subject.image !== undefined && options.targets.image !== undefined) {
    const image = describeImage(subject.image, subject, options);
    targets.push([options.targets.image, { kind: "image", name: subject.image.image.name, image }]);
    if (settings.budget !== undefined) {
      const accepted = acceptedBytes(subject.image, results.suppressed.suppressedInodes);
      budget = budgetOf(options.targets.image, image.totals, accepted, settings.budget);
    }
  }
  const { suppressed, usedAccepts } = results.suppressed;
  const ran = new Set(settings.rules.map(({ rule }) => rule));
  const accepts = subject.image === undefined ? [] : (settings.accepts ?? []);
  return {
    targets: targets.toSorted(([a], [b]) => a - b).map(([, target]) => target),
    findings: results.findings,
    suppressed,
    failed:
      results.findings.some(({ finding }) => atLeast(finding.severity, settings.failOn)) ||
      budget?.exceeded === true,
    budget,
    accepts: new Map(
      accepts.filter(({ rule }) => ran.has(rule)).map((accept) => [accept, usedAccepts.has(accept)]),
    ),
    failures: results.failures,
  };
}

/** The part of the avoidable bytes that belongs to files which silenced findings are about. */
function acceptedBytes({ rootfs, origins }: ImageView, inodes: readonly Inode[]): number {
  if (inodes.length === 0) return 0;
  const accepted = new InodeSet(inodes);
  return rootfs.deadFiles.reduce((sum, deadFile) => {
    const { entry, addedIn, hiddenIn, by } = deadFile;
    // of a base file that was only copied it is the new copy that can be avoided
    const inode =
      addedIn < origins.base.layers ? { layer: hiddenIn, entry: by ?? entry } : { layer: addedIn, entry };
    return accepted.has(inode) ? sum + avoidableOf(deadFile, origins.base.layers) : sum;
  }, 0);
}

function budgetOf(
  target: number,
  sums: ReportImage["totals"],
  accepted: number,
  budget: WasteBudget,
): Budget {
  const byShare =
    budget.maxShare === undefined
      ? undefined
      : Math.max(Math.floor(budget.maxShare * sums.aboveBaseBytes), budget.floorBytes);
  const limitBytes = Math.min(budget.maxBytes ?? Infinity, byShare ?? Infinity);
  return {
    target,
    avoidableBytes: sums.avoidableBytes,
    aboveBaseBytes: sums.aboveBaseBytes,
    ...(accepted === 0 ? {} : { acceptedBytes: accepted }),
    limitBytes,
    exceeded: sums.avoidableBytes - accepted > limitBytes,
  };
}
