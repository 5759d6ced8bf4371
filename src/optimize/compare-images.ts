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
  /** Differences of the configurations that no container sees: how and when the images were built. */
  readonly unseen: readonly ConfigDifference[];
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
  const values = ignored.config
    ? []
    : compareConfigs(before.config.raw, after.config.raw).filter(
        ({ path }) => !ignored.times || !/^(?:history\[\d+\]\.)?created$/.test(path),
      );
  const config = [
    ...(ignored.config ? [] : unreadable(before, after)),
    ...values.filter((difference) => !isUnseen(difference)),
  ];
  return {
    files,
    differences,
    config,
    unseen: values.filter(isUnseen),
    sizes: [sizeOf(before, one.visible), sizeOf(after, other.visible)],
    equal: differences.length === 0 && config.length === 0,
  };
}

/**
 * Returns true for a value that describes the build and that engines do not pass to a container: times, history, and
 * what the classic builder keeps of its build containers (moby, image/spec and runconfig).
 */
function isUnseen({ path, before, after }: ConfigDifference): boolean {
  // a host name that somebody chose is a promise, even if engines make their own
  if (path === "config.Hostname") return [before, after].every(isOfBuildContainer);
  return /^(?:created|author|comment|container|container_config|docker_version|id|parent|config\.Image|history|moby\.buildkit)(?:[.[]|$)/.test(
    path,
  );
}

/** A container without a host name of its own has the first digits of its ID. */
function isOfBuildContainer(name: unknown): boolean {
  return name === undefined || name === "" || (typeof name === "string" && /^[0-9a-f]{12}$/.test(name));
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
