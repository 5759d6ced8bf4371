/** Reads the entries of a tar in a file without reading contents. */
import { readFully, type FileRange } from "../bytes/file-range.ts";
import { setImmediate } from "node:timers/promises";
import type { Entry } from "../entry.ts";
import { TarDecoder } from "./decoder.ts";

/** A header; or an extended one, its records, and the header that they are for. */
const smallWindow = 1536;
const largeWindow = 2 ** 16;
/** Reading on is cheaper than another read where headers lie closer than this, on average (measured). */
const closeBytes = 6144;
const breathMs = 50;

/**
 * Walks the headers of a plain tar in a file and never reads content for its own sake. Small files lie close together:
 * while they do, one read takes in many headers; else a read takes one header. Reads are synchronous, because a promise
 * for each of 150,000 headers costs more than the reads; now and then the event loop gets its turn.
 */
export async function walkTar(
  source: FileRange,
  onEntry: (entry: Entry) => void,
  signal?: AbortSignal,
): Promise<void> {
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
}
