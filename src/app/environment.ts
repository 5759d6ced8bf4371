/** The outside world of a use case. */
import { resolve } from "node:path";
import type { Heap } from "../image/heap.ts";
import { Masker } from "./masker.ts";
import type { RunOptions } from "./options.ts";

export interface Environment extends RunOptions {
  readonly signal: AbortSignal;
  /** The working folder; configurations are searched for in it and above. */
  readonly cwd: string;
  /** Called with notes that are not problems: a named target that is ignored. */
  readonly onNote?: (message: string) => void;
  /** The file that starts the command, also in worker threads; undefined: no worker threads. */
  readonly launcher?: string | undefined;
  readonly heap?: Heap | undefined;
  /** Hides secrets in what the run reports. */
  readonly masker: Masker;
}

/** Makes the environment of a program that uses the library. */
export function environmentOf({ signal, onProgress, stdin }: RunOptions): Environment {
  return {
    signal: signal ?? new AbortController().signal,
    onProgress,
    stdin,
    cwd: resolve(""),
    masker: new Masker(),
  };
}
