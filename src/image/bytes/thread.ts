/** The worker thread of threads.ts. It reads files that the main thread has open, and writes nothing. */
import { parentPort } from "node:worker_threads";
import { UserError } from "../../errors.ts";
import { claim, runHere, type Answer, type SharedTask } from "./tasks.ts";

async function answer(shared: SharedTask): Promise<Answer> {
  if (!claim(shared)) return { skipped: true };
  try {
    return { value: await runHere(shared.task) };
  } catch (error) {
    const { message, stack, code } = error as NodeJS.ErrnoException;
    return { error: { message, stack, code, isUserError: error instanceof UserError } };
  }
}

let done: Promise<unknown> = Promise.resolve();
parentPort?.on("message", (shared: SharedTask) => {
  done = done.then(() => answer(shared)).then((found) => parentPort?.postMessage(found));
});
