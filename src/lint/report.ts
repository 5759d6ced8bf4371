/** The report as data: what `--format json` prints and every other format is made from. */
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
  /** What `fix` did, or would do under `--diff`; the findings are what is left. */
  readonly applied?: readonly ReportAppliedFix[];
  readonly findings: readonly ReportFinding[];
  /** About the configuration; they fail nothing. */
  readonly notices: readonly Notice[];
  readonly summary: Summary;
}

export interface ReportAppliedFix {
  readonly target: number;
  readonly rule: string;
  /** Of the finding, in the text that the fix was applied to. */
  readonly line?: number;
  readonly description: string;
  readonly safety: Safety;
  readonly condition?: string;
  readonly bytes?: number;
}

export interface Notice {
  readonly message: string;
  /** Of the configuration, and the line in it. */
  readonly file: string;
  readonly line: number;
}

export interface ReportTarget {
  readonly kind: "dockerfile" | "image";
  readonly name: string;
  /** The stage that was looked at, for a Dockerfile that has one. */
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
  /** Of the manifest, or of the configuration (the image ID) where a docker-archive has no manifest. */
  readonly digest: string;
  readonly tags: readonly string[];
  readonly baseLayers: number;
  readonly baseFoundBy: BaseFoundBy;
  /** How many layers a rewrite of the image must keep as they are. */
  readonly fixedLayers: number;
  readonly totals: ReportTotals;
  /** What `layerlint optimize` would save of it, without options. */
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
  readonly reclaimableBytes: number;
  readonly avoidableBytes: number;
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
  /** Content of the files that would go. Exact. */
  readonly contentBytes: number;
  /** Bytes of uncompressed layers. Exact. */
  readonly tarBytes: number;
  /** Bytes of layers as stored in this source; an estimate where layers are compressed. */
  readonly compressedBytes: number;
  readonly rewrittenLayers: number;
  readonly removedLayers: number;
  /** For a shell. */
  readonly command: string;
}

export interface ReportLayer {
  readonly index: number;
  readonly diffId: string;
  /** Of the blob; null for a compressed layer that no manifest describes. */
  readonly digest: string | null;
  /** Null where the history does not say. */
  readonly createdBy: string | null;
  readonly instruction?: { readonly line: number; readonly endLine: number; readonly certainty: Certainty };
  readonly contentBytes: number;
  readonly tarBytes: number;
  readonly compressedBytes: number;
  readonly compression: "none" | "gzip" | "zstd";
  /** What this layer added and a later one (or itself) killed. */
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
  /** What other rules have to add to this finding. */
  readonly notes?: readonly string[];
  readonly fixes: readonly ReportFix[];
}

export interface ReportFix {
  readonly description: string;
  readonly safety: Safety;
  /** What applies it: `layerlint fix`, or `layerlint optimize`. */
  readonly changes: "dockerfile" | "image";
  /** The options of `layerlint optimize` that do it: `--prune caches`; empty where it does it without any. */
  readonly optimize?: string;
  readonly condition?: string;
  readonly bytes?: number;
  /** In the Dockerfile; they do not overlap, and belong together. */
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
  /** How much of `foundBytes` a fix that is offered would save. */
  readonly fixableBytes: number;
  /** Findings that comments and the configuration silenced; they count nowhere else. */
  readonly suppressed: number;
  /** Something at or above `--fail-on` was found, or a budget is exceeded. */
  readonly failed: boolean;
  /** One per image when `--max-waste` is given. */
  readonly budgets?: readonly Budget[];
}

export interface Budget {
  readonly target: number;
  readonly avoidableBytes: number;
  readonly aboveBaseBytes: number;
  /** The part of `avoidableBytes` that silenced findings are about: it does not count. */
  readonly acceptedBytes?: number;
  /** What `--max-waste` comes to, in bytes. */
  readonly limitBytes: number;
  readonly exceeded: boolean;
}
