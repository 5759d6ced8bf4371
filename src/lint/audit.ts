import { itemAt } from "../must.ts";
import { defined } from "../defined.ts";
import type { BytePath } from "../byte-path.ts";
import type { ImageView, Inode, Subject } from "../analysis/subject.ts";
import { formatPlatform } from "../image/image.ts";
import type { DeadFile, LiveFile } from "../rootfs/rootfs.ts";
import { avoidableOf, totals, type Totals } from "../rootfs/totals.ts";
import { reportPath, type TargetIndexes } from "./locate.ts";
import { InodeSet } from "./inodes.ts";
import type {
  Budget,
  Notice,
  Report,
  ReportAppliedFix,
  ReportImage,
  ReportLayer,
  ReportSavings,
  ReportTarget,
  Summary,
} from "./report.ts";
import { runRules, type LocatedFinding, type RuleResults } from "./run.ts";
import { atLeast, type Accept, type Settings, type WasteBudget } from "./settings.ts";

const deadShown = 100;
const largestShown = 3;

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

function describeImage(
  view: ImageView,
  subject: Subject,
  { all, savings }: Pick<AuditOptions, "all" | "savings">,
): ReportImage {
  const { image, rootfs, origins } = view;
  const sums = totals(rootfs, image.layers, {
    baseLayers: origins.base.layers,
    fixedLayers: view.fixedLayers,
  });
  const largest = largestByLayer(rootfs.live, view, all);
  const deadFiles = largestDeadFiles(rootfs.deadFiles, all ? Infinity : deadShown);
  return {
    // what the report has called it from the start
    format: image.format === "oci" ? "oci-layout" : image.format,
    platform: formatPlatform(image.config.platform),
    digest: image.digest ?? image.configDigest,
    tags: image.tags,
    baseLayers: origins.base.layers,
    baseFoundBy: origins.base.foundBy,
    fixedLayers: view.fixedLayers,
    totals: {
      contentBytes: rootfs.contentBytes,
      deadBytes: rootfs.deadBytes,
      reclaimableBytes: sums.reclaimableBytes,
      avoidableBytes: sums.avoidableBytes,
      liveBytes: rootfs.liveBytes,
      compressedBytes: image.layers.reduce((sum, layer) => sum + layer.compressedBytes, 0),
      reclaimableCompressedBytes: sums.reclaimableCompressedBytes,
      aboveBaseBytes: sums.aboveBaseBytes,
      efficiency: rootfs.contentBytes === 0 ? 1 : rootfs.liveBytes / rootfs.contentBytes,
    },
    ...defined({ savings }),
    layers: image.layers.map((layer, i) => describeLayer(view, subject, sums, i, largest[i] ?? [])),
    dead: deadFiles.map(({ path, bytes, addedIn, hiddenIn, cause }) => ({
      ...reportPath(path),
      bytes,
      addedIn,
      killedIn: hiddenIn,
      cause,
    })),
    deadCount: rootfs.deadFiles.length,
    notes: rootfs.notes.map(({ code, layer, path }) => ({ code, layer, ...reportPath(path) })),
  };
}

function describeLayer(
  view: ImageView,
  subject: Subject,
  sums: Totals,
  index: number,
  largest: ReportLayer["largest"],
): ReportLayer {
  const layer = itemAt(view.image.layers, index);
  const origin = view.origins.layers[index];
  const figures = sums.layers[index];
  const instruction = subject.linked ? origin?.instruction : undefined;
  return {
    index,
    diffId: layer.diffId,
    digest: layer.digest ?? null,
    createdBy: origin?.createdBy ?? null,
    ...(instruction === undefined || origin === undefined
      ? {}
      : {
          instruction: {
            line: instruction.line,
            endLine: (origin.lastInstruction ?? instruction).endLine,
            certainty: origin.certainty,
          },
        }),
    contentBytes: figures?.contentBytes ?? 0,
    tarBytes: layer.tarBytes,
    compressedBytes: layer.compressedBytes,
    compression: layer.compression,
    deadBytes: figures?.deadBytes ?? 0,
    entries: layer.entries.length,
    inBase: index < view.origins.base.layers,
    ...(layer.missing ? { missing: true as const } : {}),
    largest,
  };
}

/** The largest first. Of many only those are sorted that may be among the first `count`. */
function largestDeadFiles(deadFiles: readonly DeadFile[], count: number): DeadFile[] {
  const bySize = (a: DeadFile, b: DeadFile) =>
    b.bytes - a.bytes || (a.path < b.path ? -1 : a.path > b.path ? 1 : a.addedIn - b.addedIn);
  let largest: DeadFile[] = [];
  let least = 0;
  for (const deadFile of deadFiles) {
    if (deadFile.bytes < least) continue;
    largest.push(deadFile);
    if (largest.length < 10 * count) continue;
    largest = largest.sort(bySize).slice(0, count);
    least = largest.at(-1)?.bytes ?? 0;
  }
  return largest.sort(bySize).slice(0, count);
}

/** The largest files of each layer, live or dead, without sorting all of them. */
function largestByLayer(live: readonly LiveFile[], view: ImageView, all: boolean): ReportLayer["largest"][] {
  const top: { path: BytePath; bytes: number }[][] = view.image.layers.map(() => []);
  const limit = all ? 10 : largestShown;
  const offer = (layer: number, file: LiveFile | DeadFile, bytes: number) => {
    const list = top[layer];
    if (list === undefined || bytes === 0 || (list.length === limit && bytes <= (list.at(-1)?.bytes ?? 0)))
      return;
    let at = list.length;
    while (at > 0 && (list[at - 1]?.bytes ?? 0) < bytes) at--;
    const path = "paths" in file ? (file.paths[0] ?? file.entry.path) : file.path;
    list.splice(at, 0, { path, bytes });
    if (list.length > limit) list.pop();
  };
  for (const file of live) offer(file.layer, file, file.entry.size);
  for (const deadFile of view.rootfs.deadFiles) offer(deadFile.addedIn, deadFile, deadFile.bytes);
  return top.map((list) => list.map(({ path, bytes }) => ({ ...reportPath(path), bytes })));
}

/** Joins the audits of a run into its report. */
export function makeReport(audits: readonly Audit[], version: string): Report {
  const targets = audits.flatMap((part) => part.targets);
  const located = audits.flatMap((part) => part.findings);
  // inodes are known by layer, so each subject counts its own
  let foundBytes = 0;
  let fixableBytes = 0;
  for (const part of audits) {
    foundBytes += new InodeSet(part.findings.flatMap(({ inodes }) => inodes)).bytes;
    fixableBytes += new InodeSet(
      part.findings.flatMap(({ inodes, fixes }) => (fixes.length > 0 ? inodes : [])),
    ).bytes;
  }
  const images = targets.flatMap(({ image }) => (image === undefined ? [] : [image]));
  const budgets = audits.flatMap(({ budget }) => (budget === undefined ? [] : [budget]));
  const findings = located.map(({ finding }) => finding);
  const number = (severity: string) => findings.filter((finding) => finding.severity === severity).length;
  const summary: Summary = {
    errors: number("error"),
    warnings: number("warning"),
    infos: number("info"),
    foundBytes,
    reclaimableBytes: images.reduce((sum, image) => sum + image.totals.reclaimableBytes, 0),
    reclaimableCompressedBytes: images.reduce(
      (sum, image) => sum + image.totals.reclaimableCompressedBytes,
      0,
    ),
    fixableBytes,
    suppressed: audits.reduce((sum, part) => sum + part.suppressed, 0),
    failed: audits.some((part) => part.failed),
    ...(budgets.length === 0 ? {} : { budgets }),
  };
  const applied = audits.some((part) => part.applied !== undefined)
    ? { applied: audits.flatMap((part) => part.applied ?? []) }
    : {};
  const notices = staleAccepts(audits);
  const tool = { name: "layerlint", version } as const;
  return { schemaVersion: 1, tool, targets, ...applied, findings, notices, summary };
}

/** Entries of `accept` that met no finding of any image. */
function staleAccepts(audits: readonly Audit[]): Notice[] {
  const used = new Map<Accept, boolean>();
  for (const { accepts } of audits)
    for (const [accept, isUsed] of accepts) used.set(accept, isUsed || used.get(accept) === true);
  return [...used].flatMap(([{ rule, path, until, expired, file, line }, isUsed]) => {
    if (isUsed) return [];
    const end = expired ? `, and it ended on ${until}` : "";
    return [
      {
        message: `${rule.id} finds nothing in ${path} that this entry could accept${end}: remove it`,
        file,
        line,
      },
    ];
  });
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
