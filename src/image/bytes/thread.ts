/** The other thread of threads.ts. It reads files that the first one has open, and writes nothing. */
import { parentPort } from "node:worker_threads";
import { UserError } from "../../errors.ts";
import { doHere, mayBegin, type Answer, type Offer } from "./tasks.ts";

async function answer(offer: Offer): Promise<Answer> {
  if (!mayBegin(offer)) return { skipped: true };
  try {
    return { value: await doHere(offer.task) };
  } catch (error) {
    const { message, stack, code } = error as NodeJS.ErrnoException;
    return { error: { message, stack, code, isUserError: error instanceof UserError } };
  }
}

let done: Promise<unknown> = Promise.resolve();
parentPort?.on("message", (offer: Offer) => {
  done = done.then(() => answer(offer)).then((found) => parentPort?.postMessage(found));
});
