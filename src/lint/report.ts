/** The report as data: what `--format json` prints and every other format is made from. */
import { WARNING_FLOOR } from "../analysis/dead-files.ts";
import type { Safety } from "../edits/fix.ts";
import type { BaseFoundBy, Certainty } from "../origin/origin.ts";
import type { Cause, NoteCode } from "../rootfs/rootfs.ts";
import type { Category, Evidence, Severity } from "../rule/contract.ts";

/**
 * All findings and totals of a run. `--format json` prints exactly this, and every other format is made from it;
 * schema/report.schema.json describes it. Layers and targets count from 0, lines and columns from 1, sizes are bytes.
 */
export interface Report {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: "layerlint"; readonly version: string };
  readonly targets: readonly ReportTarget[];
  /** The fixes that `fix` applied, or would apply with `--diff`; the findings are those that remain. */
  readonly applied?: readonly ReportAppliedFix[];
  readonly findings: readonly ReportFinding[];
  /** Notices about the configuration; they do not fail the run. */
  readonly notices: readonly Notice[];
  readonly summary: Summary;
}

export interface ReportAppliedFix {
  readonly target: number;
  readonly rule: string;
  /** Line of the finding, in the text that the fix was applied to. */
  readonly line?: number;
  readonly description: string;
  readonly safety: Safety;
  readonly condition?: string;
  readonly bytes?: number;
}

export interface Notice {
  readonly message: string;
  /** Name of the configuration file. */
  readonly file: string;
  readonly line: number;
}

export interface ReportTarget {
  readonly kind: "dockerfile" | "image";
  readonly name: string;
  /** The stage that is built; absent for a Dockerfile without stages. */
  readonly stage?: { readonly index: number; readonly name?: string };
  readonly image?: ReportImage;
}

/** A path inside an image, without leading slash; where its bytes are not UTF-8, `pathBase64` has them. */
export interface ReportPath {
  readonly path: string;
  readonly pathBase64?: string;
}

export interface ReportImage {
  readonly format: string;
  readonly platform: string;
  /** Digest of the manifest; of the configuration (the image ID) for a docker-archive without a manifest. */
  readonly digest: string;
  readonly tags: readonly string[];
  readonly baseLayers: number;
  readonly baseFoundBy: BaseFoundBy;
  /** Number of layers that a rewrite of the image must keep unchanged. */
  readonly fixedLayers: number;
  readonly totals: ReportTotals;
  /** What `layerlint optimize` would save without options. */
  readonly savings?: ReportSavings;
  readonly layers: readonly ReportLayer[];
  /** Files that no container can see: all with `--all`, else the largest 100. */
  readonly dead: readonly ReportDeadFile[];
  readonly deadCount: number;
  readonly notes: readonly (ReportPath & { readonly code: NoteCode; readonly layer: number })[];
}

export interface ReportTotals {
  /** Live plus dead. */
  readonly contentBytes: number;
  readonly deadBytes: number;
  /** What `layerlint optimize` would drop without options; like `savings.contentBytes`. */
  readonly reclaimableBytes: number;
  readonly avoidableBytes: number;
  /** Files of the base that package upgrades replaced; neither reclaimable nor avoidable. */
  readonly upgradedBytes: number;
  readonly liveBytes: number;
  /** All layers as stored in this source. */
  readonly compressedBytes: number;
  /** Share of `compressedBytes` that the reclaimable files take (an estimate where layers are compressed). */
  readonly reclaimableCompressedBytes: number;
  /** Content of the layers above the base. */
  readonly aboveBaseBytes: number;
  /** liveBytes / contentBytes; 1 for an image without content. */
  readonly efficiency: number;
}

export interface ReportSavings {
  /** Content bytes of the files that would be removed. Exact. */
  readonly contentBytes: number;
  /** Bytes of uncompressed layers. Exact. */
  readonly tarBytes: number;
  /** Bytes of layers as stored in this source; an estimate where layers are compressed. */
  readonly compressedBytes: number;
  readonly rewrittenLayers: number;
  readonly removedLayers: number;
  /** The command, quoted for a shell. */
  readonly command: string;
}

export interface ReportLayer {
  readonly index: number;
  readonly diffId: string;
  /** Digest of the blob; null for a compressed layer that no manifest describes. */
  readonly digest: string | null;
  /** Null when the history does not state it. */
  readonly createdBy: string | null;
  readonly instruction?: { readonly line: number; readonly endLine: number; readonly certainty: Certainty };
  readonly contentBytes: number;
  readonly tarBytes: number;
  readonly compressedBytes: number;
  readonly compression: "none" | "gzip" | "zstd";
  /** Content bytes that this layer added and that this or a later layer hides. */
  readonly deadBytes: number;
  readonly entries: number;
  readonly inBase: boolean;
  readonly missing?: true;
  /** Up to three paths that take most of the layer's content. */
  readonly largest: readonly (ReportPath & { readonly bytes: number })[];
}

export interface ReportDeadFile extends ReportPath {
  readonly bytes: number;
  readonly addedIn: number;
  readonly killedIn: number;
  readonly cause: Cause;
}

export interface ReportLocation {
  readonly target: number;
  readonly line?: number;
  readonly column?: number;
  readonly endLine?: number;
  /** Exclusive. */
  readonly endColumn?: number;
  readonly layer?: number;
  readonly path?: string;
  readonly pathBase64?: string;
  readonly label?: string;
}

export interface ReportFinding {
  readonly rule: string;
  readonly aliases: readonly string[];
  readonly category: Category;
  readonly severity: Severity;
  readonly message: string;
  readonly advice: string;
  readonly bytes?: number;
  readonly evidence: Evidence;
  readonly locations: readonly ReportLocation[];
  readonly paths?: readonly (ReportPath & {
    readonly bytes: number;
    readonly files?: number;
    readonly note?: string;
  })[];
  readonly morePaths?: { readonly count: number; readonly bytes: number };
  /** Notes that other rules add to this finding. */
  readonly notes?: readonly string[];
  readonly fixes: readonly ReportFix[];
}

/** Returns true for waste that is known to be too small for a warning; a terminal shows many of a rule as one. */
export function isSmall({ bytes, category, severity }: ReportFinding): boolean {
  return category === "size" && severity === "info" && bytes !== undefined && bytes < WARNING_FLOOR;
}

export interface ReportFix {
  readonly description: string;
  readonly safety: Safety;
  /** What the fix changes: `layerlint fix` edits the Dockerfile, `layerlint optimize` the image. */
  readonly changes: "dockerfile" | "image";
  /** The options of `layerlint optimize` that apply the fix: `--prune caches`; empty when none are needed. */
  readonly optimize?: string;
  readonly condition?: string;
  readonly bytes?: number;
  /** Edits of the Dockerfile; they do not overlap and must be applied together. */
  readonly edits?: readonly ReportEdit[];
}

/** The text from line and column to endLine and endColumn (exclusive) becomes `text`. */
export interface ReportEdit {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly text: string;
}

export interface Summary {
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  /** Content bytes of all inodes that findings name, each counted once. */
  readonly foundBytes: number;
  readonly reclaimableBytes: number;
  readonly reclaimableCompressedBytes: number;
  /** The part of `foundBytes` that offered fixes would save. */
  readonly fixableBytes: number;
  /** Findings that comments and the configuration silenced; they count nowhere else. */
  readonly suppressed: number;
  /** True if a finding is at or above `--fail-on`, or a budget is exceeded. */
  readonly failed: boolean;
  /** One per image when `--max-waste` is given. */
  readonly budgets?: readonly Budget[];
}

export interface Budget {
  readonly target: number;
  readonly avoidableBytes: number;
  readonly aboveBaseBytes: number;
  /** The part of `avoidableBytes` that belongs to silenced findings and does not count. */
  readonly acceptedBytes?: number;
  /** The limit of `--max-waste` in bytes. */
  readonly limitBytes: number;
  readonly exceeded: boolean;
}
