/** The input of `optimize`. */
import type { ByteWork } from "../image/bytes/work.ts";
import type { OutputForm } from "../image/forms.ts";
import type { Heap } from "../image/heap.ts";
import type { Entry, OpenedImage } from "../image/image.ts";
import type { Codec } from "../image/writing/compress.ts";
import type { LayerRange } from "./plan/layer-plan.ts";

/** An image to be rewritten, and how. */
export interface OptimizeRequest {
  readonly image: OpenedImage;
  /** Number of base layers, which stay byte for byte. */
  readonly fixedLayers: number;
  readonly form: OutputForm;
  readonly repair: boolean;
  /** Drops files that rewrite the same content and attributes. */
  readonly dropIdentical: boolean;
  /** Files to remove although containers may see them, by layer index. */
  readonly pruned: ReadonlyMap<number, ReadonlySet<Entry>>;
  /** Indexes of layers that other images share; they stay byte for byte. */
  readonly shared: ReadonlySet<number>;
  /** Which neighbours to merge, given the size of each layer without its dead bytes; undefined: none. */
  readonly squash: ((storedBytes: readonly number[]) => readonly LayerRange[]) | undefined;
  /** Compression of the new layers; undefined keeps that of each old layer. */
  readonly recompress: (Codec & { readonly base: boolean }) | undefined;
  readonly signal: AbortSignal | undefined;
  readonly allowHuge: boolean;
  readonly onBytes: ((bytes: number) => void) | undefined;
  /** Computes digests and compares contents; default: the calling thread. */
  readonly bytes?: ByteWork;
  readonly heap?: Heap | undefined;
}
