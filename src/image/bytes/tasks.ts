/** What a thread can be asked for, and what it answers. */
import type { FileRange } from "./file-range.ts";
import { workHere } from "./work.ts";

export type Task =
  | { readonly kind: "digest"; readonly range: FileRange }
  | {
      readonly kind: "differing";
      readonly a: FileRange;
      readonly b: FileRange;
      readonly ranges: Float64Array;
    };

/** A task, and a word in shared memory that says whether somebody has begun it. */
export interface Offer {
  readonly task: Task;
  readonly begun: Int32Array;
}

/** True for the first who asks. */
export function mayBegin({ begun }: Offer): boolean {
  return Atomics.exchange(begun, 0, 1) === 0;
}

export function doHere(task: Task): Promise<unknown> {
  return task.kind === "digest"
    ? workHere.digest(task.range)
    : workHere.differing(task.a, task.b, task.ranges);
}

/** An error crosses threads without its class and its own fields. */
export type Answer =
  | { readonly value: unknown }
  /** Somebody else has begun it. */
  | { readonly skipped: true }
  | {
      readonly error: {
        readonly message: string;
        readonly isUserError: boolean;
        readonly code: unknown;
        readonly stack: string | undefined;
      };
    };
