/** What `optimize` is asked for. */
import type { ByteWork } from "../image/bytes/work.ts";
import type { OutputForm } from "../image/forms.ts";
import type { Heap } from "../image/heap.ts";
import type { Entry, OpenedImage } from "../image/image.ts";
import type { Codec } from "../image/writing/compress.ts";
import type { LayerRange } from "./plan/layer-plan.ts";

/** An image to be rewritten, and how. */
export interface OptimizeRequest {
  readonly image: OpenedImage;
  /** Layers of the base, which stay byte for byte. */
  readonly fixedLayers: number;
  readonly form: OutputForm;
  readonly repair: boolean;
  /** Drops files that rewrite the same content and attributes. */
  readonly dropIdentical: boolean;
  /** Files to be removed although containers see them, by layer. */
  readonly pruned: ReadonlyMap<number, ReadonlySet<Entry>>;
  /** Layers that other images have as well, which stay byte for byte. */
  readonly shared: ReadonlySet<number>;
  /** Which neighbours to merge, given the size of each layer without its dead bytes; undefined: none. */
  readonly squash: ((storedBytes: readonly number[]) => readonly LayerRange[]) | undefined;
  /** How layers are stored; undefined: each as it was. */
  readonly recompress: (Codec & { readonly base: boolean }) | undefined;
  readonly signal: AbortSignal | undefined;
  readonly allowHuge: boolean;
  readonly onBytes: ((bytes: number) => void) | undefined;
  /** Which threads make digests and comparisons; default: the calling one. */
  readonly bytes?: ByteWork;
  readonly heap?: Heap | undefined;
}
