/** The report of `layerlint compare --format json` (schema/compare.schema.json). */
import { defined } from "../defined.ts";
import { reportPath } from "../lint/locate.ts";
import type { ReportPath } from "../lint/report.ts";
import type { ImageComparison, ImageSize } from "../optimize/compare-images.ts";
import type { ConfigDifference } from "../optimize/proof/compare-configs.ts";
import type { Aspect } from "../optimize/proof/compare-visible.ts";
import type { Masked, Masker } from "./masker.ts";
import { version } from "./version.ts";

/** The differences between two images. Sizes are bytes. Layers are not listed, because they are not compared. */
export interface ComparisonReport {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: "layerlint"; readonly version: string };
  /** The two images. */
  readonly images: readonly (ImageSize & { readonly name: string })[];
  /** True if only ignored properties differ. */
  readonly equal: boolean;
  /** Number of names in the union of the two root file systems. */
  readonly names: number;
  /** Files that were compared by content; all others are the same bytes of the same layer. */
  readonly comparedFiles: number;
  /** Digests of the root file systems; equal if they do not differ at all, ignored properties included. */
  readonly rootfsDigests: readonly [before: string, after: string];
  readonly differences: readonly FileDifference[];
  readonly config: readonly ValueDifference[];
  /** Values that no container sees: how and when the images were built. They do not make images unequal. */
  readonly unseen: readonly ValueDifference[];
}

export interface FileDifference extends ReportPath {
  readonly aspects: readonly Aspect[];
  /** Content bytes of a file. */
  readonly bytesBefore?: number;
  readonly bytesAfter?: number;
}

export interface ValueDifference {
  /** `config.Env`, `history[3].created_by`. */
  readonly path: string;
  /** Absent when the image has no value. */
  readonly before?: unknown;
  readonly after?: unknown;
}

export function comparisonReport(
  { differences, config, unseen, sizes, files, equal }: ImageComparison,
  names: readonly [before: string, after: string],
  masker: Masker,
): Masked<ComparisonReport> {
  const report: ComparisonReport = {
    schemaVersion: 1,
    tool: { name: "layerlint", version },
    images: [
      { name: names[0], ...sizes[0] },
      { name: names[1], ...sizes[1] },
    ],
    equal,
    names: files.names,
    comparedFiles: files.compared,
    rootfsDigests: files.digests,
    differences: differences.map(({ path, aspects, bytes }) => ({
      ...reportPath(path),
      aspects,
      ...defined({ bytesBefore: bytes[0], bytesAfter: bytes[1] }),
    })),
    config: config.map(toValue),
    unseen: unseen.map(toValue),
  };
  return masker.data(report);
}

function toValue({ path, before, after }: ConfigDifference): ValueDifference {
  return { path, before, after };
}
