/** What tells two images apart: root file systems, configurations, sizes. */
import type { ByteWork } from "../image/bytes/work.ts";
import type { BytePath, Image, OpenedImage } from "../image/image.ts";
import { compareConfigs, type ConfigDifference } from "./proof/compare-configs.ts";
import { compareVisible, type Aspect, type Comparison, type Difference } from "./proof/compare-visible.ts";
import { bothWays } from "./proof/prove.ts";
import type { Visible } from "./proof/visible.ts";

/** What `--ignore` leaves out. */
export interface Ignored {
  readonly aspects: ReadonlySet<Aspect>;
  /** Differences in times are in the configuration as well. */
  readonly times: boolean;
  readonly config: boolean;
  readonly isIgnored: (path: BytePath) => boolean;
}

export interface ImageSize {
  readonly layers: number;
  /** Of the layers as they are stored. */
  readonly compressedBytes: number;
  readonly tarBytes: number;
  /** Of the files that a container can see, each inode once. */
  readonly visibleBytes: number;
}

/** What tells two images apart. */
export interface ImageComparison {
  readonly files: Comparison;
  /** The differences that were not ignored. */
  readonly differences: readonly Difference[];
  readonly config: readonly ConfigDifference[];
  readonly sizes: readonly [before: ImageSize, after: ImageSize];
  readonly equal: boolean;
}

/** Root file system, configuration and size of two images. */
export async function compareImages(
  before: OpenedImage,
  after: OpenedImage,
  ignored: Ignored,
  bytes?: ByteWork,
): Promise<ImageComparison> {
  const one = { image: before, visible: bothWays(before) };
  const other = { image: after, visible: bothWays(after) };
  const files = await compareVisible(one, other, bytes);
  const differences = files.differences.flatMap((difference) => {
    if (ignored.isIgnored(difference.path)) return [];
    const aspects = difference.aspects.filter((aspect) => !ignored.aspects.has(aspect));
    return aspects.length === 0 ? [] : [{ ...difference, aspects }];
  });
  const config = ignored.config
    ? []
    : [
        ...unreadable(before, after),
        ...compareConfigs(before.config.raw, after.config.raw).filter(
          ({ path }) => !ignored.times || !/^(?:history\[\d+\]\.)?created$/.test(path),
        ),
      ];
  return {
    files,
    differences,
    config,
    sizes: [sizeOf(before, one.visible), sizeOf(after, other.visible)],
    equal: differences.length === 0 && config.length === 0,
  };
}

/** Layers that are encrypted or missing cannot be looked into: they are equal if their blobs are. */
function unreadable(before: Image, after: Image): ConfigDifference[] {
  const missingOf = ({ layers }: Image) =>
    layers.flatMap(({ missing, digest, diffId }) => (missing ? [digest ?? diffId] : []));
  const [a, b] = [missingOf(before), missingOf(after)];
  return a.join() === b.join() ? [] : [{ path: "layers that cannot be read", before: a, after: b }];
}

function sizeOf({ layers }: Image, visible: Visible): ImageSize {
  const inodes = new Set(visible.values());
  return {
    layers: layers.length,
    compressedBytes: layers.reduce((sum, layer) => sum + layer.compressedBytes, 0),
    tarBytes: layers.reduce((sum, layer) => sum + layer.tarBytes, 0),
    visibleBytes: [...inodes].reduce((sum, { entry }) => sum + (entry?.size ?? 0), 0),
  };
}
