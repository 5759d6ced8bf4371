/** The tasks that worker threads run, and their answers. */
import type { DigestAlgorithm } from "../digest.ts";
import type { FileRange } from "./file-range.ts";
import { workHere } from "./work.ts";

export type Task =
  | { readonly kind: "digest"; readonly range: FileRange; readonly algorithm: DigestAlgorithm | undefined }
  | {
      readonly kind: "differing";
      readonly a: FileRange;
      readonly b: FileRange;
      readonly ranges: Float64Array;
    };

/**
 * A task that several threads can see. `claimed` is an integer in shared memory: 1 as soon as a thread has taken the
 * task.
 */
export interface SharedTask {
  readonly task: Task;
  readonly claimed: Int32Array;
}

/** Takes a task for the calling thread; false if another thread has it. */
export function claim({ claimed }: SharedTask): boolean {
  return Atomics.exchange(claimed, 0, 1) === 0;
}

/** Runs a task in the calling thread. */
export function runHere(task: Task): Promise<unknown> {
  return task.kind === "digest"
    ? workHere.digest(task.range, { algorithm: task.algorithm })
    : workHere.differing(task.a, task.b, task.ranges);
}

/** The answer to a task. Errors lose their class and their own fields between threads, so both are sent along. */
export type Answer =
  | { readonly value: unknown }
  /** Another thread has claimed the task. */
  | { readonly skipped: true }
  | {
      readonly error: {
        readonly message: string;
        readonly isUserError: boolean;
        readonly code: unknown;
        readonly stack: string | undefined;
      };
    };
