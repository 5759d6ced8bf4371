/** What a use case is given of the outside world. */
import { resolve } from "node:path";
import type { Heap } from "../image/heap.ts";
import type { RunOptions } from "./options.ts";

export interface Environment extends RunOptions {
  readonly signal: AbortSignal;
  /** The working folder: configurations are looked for above it. */
  readonly cwd: string;
  /** Takes a line that is no problem: a target that is named, and left alone. */
  readonly onNote?: (message: string) => void;
  /** The file that starts the command, also in another thread; without it there is one thread. */
  readonly launcher?: string | undefined;
  readonly heap?: Heap | undefined;
}

/** That of a program that uses the library. */
export function environmentOf({ signal, onProgress, stdin }: RunOptions): Environment {
  return { signal: signal ?? new AbortController().signal, onProgress, stdin, cwd: resolve("") };
}
