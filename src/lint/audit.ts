/** Audits one subject: describes it, runs the rules, and decides whether the run fails. */
import { upgradedFiles } from "../analysis/packages/upgraded-files.ts";
import type { ImageView, Inode, Subject } from "../analysis/subject.ts";
import { defined } from "../defined.ts";
import { InodeSet } from "../rootfs/inode-set.ts";
import { avoidableFiles } from "../rootfs/totals.ts";
import { describeImage } from "./describe-image.ts";
import type { TargetIndexes } from "./locate.ts";
import type { Budget, ReportAppliedFix, ReportImage, ReportSavings, ReportTarget } from "./report.ts";
import { runRules, type LocatedFinding, type RuleResults } from "./run.ts";
import { atLeast, type Accept, type Settings, type WasteBudget } from "./settings.ts";

/** The part of a report that one subject makes. */
export interface Audit {
  readonly targets: readonly ReportTarget[];
  readonly findings: readonly LocatedFinding[];
  /** Findings that comments and the configuration silenced. */
  readonly suppressed: number;
  /** True if a finding is at or above `failOn`, or a budget is exceeded. */
  readonly failed: boolean;
  /** The budget of the image; undefined without a limit. */
  readonly budget: Budget | undefined;
  /** The `accept` entries for rules that ran, and whether each matched a finding. */
  readonly accepts: ReadonlyMap<Accept, boolean>;
  readonly failures: readonly string[];
  /** The fixes that `fix` applied to the Dockerfile. */
  readonly applied?: readonly ReportAppliedFix[];
}

export interface AuditOptions {
  readonly settings: Settings;
  /** Indexes of the subject's targets in the report. */
  readonly targets: TargetIndexes;
  /** Lists all dead files instead of the largest 100. */
  readonly all: boolean;
  /** What rewriting the image would save; undefined if that was not planned. */
  readonly savings?: ReportSavings | undefined;
  /** Results of the rules, if they have run already. */
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

/** Returns the avoidable bytes of the files that silenced findings name. */
function acceptedBytes(view: ImageView, inodes: readonly Inode[]): number {
  if (inodes.length === 0) return 0;
  const accepted = new InodeSet(inodes);
  const bounds = { baseLayers: view.origins.base.layers, upgraded: upgradedFiles(view) };
  return new InodeSet([...avoidableFiles(view.rootfs, bounds)].filter((inode) => accepted.has(inode))).bytes;
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
