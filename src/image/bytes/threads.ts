/**
 * Digests and comparisons of bytes in worker threads, while the calling thread decides, decodes and writes. Worker threads
 * get open files and ranges in them, know nothing of tars, and write nothing, so they can be ended at any moment. The
 * calling thread takes jobs too instead of waiting.
 */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { defined } from "../../defined.ts";
import { UserError } from "../../errors.ts";
import { itemAt } from "../../must.ts";
import type { Digest } from "../entry.ts";
import type { FileRange } from "./file-range.ts";
import { claim, runHere, type Answer, type SharedTask, type Task } from "./tasks.ts";
import { workHere, type ByteWork, type DigestOptions } from "./work.ts";

/** Fewer bytes are read before a thread would have started. */
const minBytes = 2 ** 22;
/** Layers are read one after the other, so more threads would have nothing to do. */
const maxThreads = 4;

interface Job extends SharedTask {
  /** Bytes to be read. */
  readonly cost: number;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Work on bytes in worker threads, which start with the first task. They are given the descriptors of open files, which are
 * valid in the whole process. They only read, so they can be ended at any moment. If the system refuses to start a thread,
 * the calling thread runs all tasks.
 */
export class ByteThreads implements ByteWork {
  readonly #launcher: string;
  readonly #count: number;
  #threads: Thread[] = [];

  /** `launcher`: the file that starts the command; it starts thread.ts here. `count`: the most threads. */
  constructor(launcher: string, count: number) {
    this.#launcher = launcher;
    this.#count = count;
  }

  async digest(range: FileRange, options: DigestOptions = {}): Promise<Digest> {
    if (range.size < minBytes) return workHere.digest(range, options);
    const digest = await this.#run(
      { kind: "digest", range: sendable(range), algorithm: options.algorithm },
      range.size,
    );
    options.signal?.throwIfAborted();
    options.onBytes?.(range.size);
    return digest as Digest;
  }

  async differing(a: FileRange, b: FileRange, ranges: Float64Array): Promise<readonly number[]> {
    let bytes = 0;
    for (let i = 2; i < ranges.length; i += 3) bytes += itemAt(ranges, i);
    if (bytes < minBytes) return workHere.differing(a, b, ranges);
    const differing = await this.#run({ kind: "differing", a: sendable(a), b: sendable(b), ranges }, bytes);
    return differing as readonly number[];
  }

  async takeJobs(): Promise<void> {
    for (;;) {
      const job = this.#threads.flatMap(({ jobs }) => jobs).findLast((each) => claim(each));
      if (job === undefined) return;
      await runHere(job.task).then(job.resolve, job.reject);
    }
  }

  /** Ends the threads. Tasks without an answer fail. */
  async close(): Promise<void> {
    const threads = this.#threads;
    this.#threads = [];
    await Promise.all(threads.map((thread) => thread.end()));
  }

  /** Gives a task to the thread that will be done first. */
  #run(task: Task, cost: number): Promise<unknown> {
    if (this.#threads.some(({ failed }) => failed)) return runHere(task);
    let thread = this.#threads.toSorted((a, b) => a.cost - b.cost)[0];
    if (thread === undefined || (thread.cost > 0 && this.#threads.length < this.#count)) {
      thread = new Thread(this.#launcher);
      this.#threads.push(thread);
    }
    return thread.run(task, cost);
  }
}

/** One worker thread. It runs its tasks one after the other, and answers in the same order. */
class Thread {
  readonly #worker: Worker;
  readonly jobs: Job[] = [];
  cost = 0;
  failed = false;

  constructor(launcher: string) {
    this.#worker = new Worker(launcher, {
      workerData: { entry: "./bytes.js" },
      // the thread has few objects besides its read buffers
      resourceLimits: { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 64 },
    });
    this.#worker.on("message", (answer: Answer) => {
      const job = this.jobs.shift();
      if (job === undefined) return;
      this.cost -= job.cost;
      // an idle thread does not keep the process alive
      if (this.jobs.length === 0) this.#worker.unref();
      if ("skipped" in answer) return;
      if ("value" in answer) job.resolve(answer.value);
      else job.reject(errorOf(answer.error));
    });
    this.#worker.on("error", () => this.#fail());
    this.#worker.on("exit", () => this.#fail());
  }

  run(task: Task, cost: number): Promise<unknown> {
    const shared: SharedTask = { task, claimed: new Int32Array(new SharedArrayBuffer(4)) };
    const answer = new Promise<unknown>((resolve, reject) => {
      this.jobs.push({ ...shared, cost, resolve, reject });
    });
    this.cost += cost;
    this.#worker.ref();
    this.#worker.postMessage(shared);
    return answer;
  }

  async end(): Promise<void> {
    for (const { reject } of this.jobs.splice(0))
      reject(new Error("the threads were ended before they answered"));
    await this.#worker.terminate();
  }

  #fail(): void {
    this.failed = true;
    for (const job of this.jobs.splice(0)) void runHere(job.task).then(job.resolve, job.reject);
  }
}

/**
 * Returns worker threads if there is a `launcher` and more than one processor; else all work runs in the calling
 * thread.
 */
export function byteWork(launcher: string | undefined): ByteWork & { close(): Promise<void> } {
  const count = Math.min(availableParallelism() - 1, maxThreads);
  if (launcher !== undefined && count > 0) return new ByteThreads(launcher, count);
  return { ...workHere, close: async () => {} };
}

/** Returns a range without its handle's methods, which cannot be sent to another thread. */
function sendable({ handle, offset, size, name }: FileRange): FileRange {
  return { handle: { fd: handle.fd }, offset, size, name };
}

function errorOf({ message, isUserError, code, stack }: Extract<Answer, { error: unknown }>["error"]): Error {
  if (isUserError) return new UserError(message);
  return Object.assign(new Error(message), { stack, ...defined({ code }) });
}
