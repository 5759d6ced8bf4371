/** The other thread of threads.ts. It reads files that the first one has open, and writes nothing. */
import { parentPort } from "node:worker_threads";
import { UserError } from "../../errors.ts";
import type { FileRange } from "../tar/walk.ts";
import { workHere } from "./work.ts";

export type Task =
  | { readonly kind: "digest"; readonly range: FileRange }
  | {
      readonly kind: "differing";
      readonly a: FileRange;
      readonly b: FileRange;
      readonly ranges: Float64Array;
    };

/** An error crosses threads without its class and its own fields. */
export type Answer =
  | { readonly value: unknown }
  | {
      readonly error: {
        readonly message: string;
        readonly isUserError: boolean;
        readonly code: unknown;
        readonly stack: string | undefined;
      };
    };

async function answer(task: Task): Promise<Answer> {
  try {
    const value = await (task.kind === "digest"
      ? workHere.digest(task.range)
      : workHere.differing(task.a, task.b, task.ranges));
    return { value };
  } catch (error) {
    const { message, stack, code } = error as NodeJS.ErrnoException;
    return { error: { message, stack, code, isUserError: error instanceof UserError } };
  }
}

let done: Promise<unknown> = Promise.resolve();
parentPort?.on("message", (task: Task) => {
  done = done.then(() => answer(task)).then((found) => parentPort?.postMessage(found));
});
