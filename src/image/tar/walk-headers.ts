/** Reads the entries of a tar in a file without reading contents. */
import { setImmediate } from "node:timers/promises";
import { readFully, type FileRange } from "../bytes/file-range.ts";
import type { Entry } from "../entry.ts";
import { TarDecoder } from "./decoder.ts";

/** Bytes of one read: a header, or an extended header, its records and the header they apply to. */
const smallWindow = 1536;
const largeWindow = 2 ** 16;
/** Average distance of headers, in bytes, below which one large read is cheaper than many small ones (measured). */
const closeBytes = 6144;
const breathMs = 50;

/**
 * Walks the headers of a plain tar in a file. While headers lie close together, as with small files, one read covers
 * many of them; otherwise a read covers one header and no content. Reads are synchronous, because a promise for each
 * of 150,000 headers costs more than the reads; the event loop gets a turn at intervals. Resolves to false for a tar
 * without end blocks: it ends between two members, or is empty.
 */
export async function walkTar(
  source: FileRange,
  onEntry: (entry: Entry) => void,
  signal?: AbortSignal,
): Promise<boolean> {
  const decoder = new TarDecoder(source.name, onEntry);
  const buffer = Buffer.allocUnsafe(largeWindow);
  let from = 0;
  let filled = 0;
  let previous = 0;
  let distance = closeBytes;
  let breath = Date.now();
  let steps = 0;
  while (!decoder.done && decoder.at < source.size) {
    const { at, want } = decoder;
    if (want > source.size - at) break;
    if (want > largeWindow) {
      const large = Buffer.allocUnsafe(want);
      readFully(source, large, at, want);
      decoder.push(large, 0);
      continue;
    }
    if (at < from || at + want > from + filled) {
      const window = distance < closeBytes ? largeWindow : smallWindow;
      from = at;
      filled = Math.min(Math.max(window, want), source.size - at);
      readFully(source, buffer, at, filled);
    }
    // one large file says little about the next
    distance += (Math.min(at - previous, largeWindow) - distance) / 8;
    previous = at;
    decoder.push(buffer, at - from);
    if ((++steps & 0xfff) === 0 && Date.now() - breath > breathMs) {
      await setImmediate();
      signal?.throwIfAborted();
      breath = Date.now();
    }
  }
  decoder.finish(decoder.done ? decoder.at : source.size);
  return decoder.done;
}
