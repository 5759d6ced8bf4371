/** Digests and comparisons in other threads, while this one decides, decodes and writes. */
import { defined } from "../../defined.ts";
import { itemAt } from "../../must.ts";
import type { FileRange } from "./file-range.ts";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { UserError } from "../../errors.ts";
import type { Digest } from "../entry.ts";
import { doHere, mayBegin, type Answer, type Offer, type Task } from "./tasks.ts";
import { workHere, type ByteWork, type DigestOptions } from "./work.ts";

/** Of less, a small image is done before a thread has started. */
const worthAsking = 2 ** 22;
/** Layers are read one after the other; more threads would have nothing to do. */
const maxThreads = 4;

interface Job extends Offer {
  /** What it will take, in bytes to be read. */
  readonly cost: number;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Work on bytes in threads of their own, which start when there is something for them. They are given the numbers of open
 * files, which are those of the whole process; they only read, so they can be ended at any moment. Where the system has no
 * more threads to give, everything is done here.
 */
export class ByteThreads implements ByteWork {
  readonly #launcher: string;
  readonly #count: number;
  #threads: Thread[] = [];

  /** `launcher` is the file that starts the command, here with thread.ts. */
  constructor(launcher: string, count: number) {
    this.#launcher = launcher;
    this.#count = count;
  }

  async digest(range: FileRange, options: DigestOptions = {}): Promise<Digest> {
    if (range.size < worthAsking) return workHere.digest(range, options);
    const digest = await this.#ask({ kind: "digest", range: bare(range) }, range.size);
    options.signal?.throwIfAborted();
    options.onBytes?.(range.size);
    return digest as Digest;
  }

  async differing(a: FileRange, b: FileRange, ranges: Float64Array): Promise<readonly number[]> {
    let bytes = 0;
    for (let i = 2; i < ranges.length; i += 3) bytes += itemAt(ranges, i);
    if (bytes < worthAsking) return workHere.differing(a, b, ranges);
    const differing = await this.#ask({ kind: "differing", a: bare(a), b: bare(b), ranges }, bytes);
    return differing as readonly number[];
  }

  async help(): Promise<void> {
    for (;;) {
      const job = this.#threads.flatMap(({ jobs }) => jobs).findLast((each) => mayBegin(each));
      if (job === undefined) return;
      await doHere(job.task).then(job.resolve, job.reject);
    }
  }

  /** What was asked for and is not answered fails. */
  async close(): Promise<void> {
    const threads = this.#threads;
    this.#threads = [];
    await Promise.all(threads.map((thread) => thread.end()));
  }

  /** Asks the thread that will be done first. */
  #ask(task: Task, cost: number): Promise<unknown> {
    if (this.#threads.some(({ failed }) => failed)) return doHere(task);
    let thread = this.#threads.toSorted((a, b) => a.cost - b.cost)[0];
    if (thread === undefined || (thread.cost > 0 && this.#threads.length < this.#count)) {
      thread = new Thread(this.#launcher);
      this.#threads.push(thread);
    }
    return thread.ask(task, cost);
  }
}

/** One of them. It does what it is asked for one after the other, and answers in the same order. */
class Thread {
  readonly #worker: Worker;
  readonly jobs: Job[] = [];
  cost = 0;
  failed = false;

  constructor(launcher: string) {
    this.#worker = new Worker(launcher, {
      workerData: { entry: "./bytes.js" },
      // it has few objects and the memory of its reads
      resourceLimits: { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 64 },
    });
    this.#worker.on("message", (answer: Answer) => {
      const job = this.jobs.shift();
      if (job === undefined) return;
      this.cost -= job.cost;
      // a thread that has nothing to do keeps no process alive
      if (this.jobs.length === 0) this.#worker.unref();
      if ("skipped" in answer) return;
      if ("value" in answer) job.resolve(answer.value);
      else job.reject(errorOf(answer.error));
    });
    this.#worker.on("error", () => this.#fail());
    this.#worker.on("exit", () => this.#fail());
  }

  ask(task: Task, cost: number): Promise<unknown> {
    const offer: Offer = { task, begun: new Int32Array(new SharedArrayBuffer(4)) };
    const answer = new Promise<unknown>((resolve, reject) => {
      this.jobs.push({ ...offer, cost, resolve, reject });
    });
    this.cost += cost;
    this.#worker.ref();
    this.#worker.postMessage(offer);
    return answer;
  }

  async end(): Promise<void> {
    for (const { reject } of this.jobs.splice(0))
      reject(new Error("the threads were ended before they answered"));
    await this.#worker.terminate();
  }

  #fail(): void {
    this.failed = true;
    for (const job of this.jobs.splice(0)) void doHere(job.task).then(job.resolve, job.reject);
  }
}

/** Threads for a run that has `launcher`, where there is more than one processor; else none are needed. */
export function byteWork(launcher: string | undefined): ByteWork & { close(): Promise<void> } {
  const count = Math.min(availableParallelism() - 1, maxThreads);
  if (launcher !== undefined && count > 0) return new ByteThreads(launcher, count);
  return { ...workHere, close: async () => {} };
}

/** What can be sent to another thread. */
function bare({ handle, offset, size, name }: FileRange): FileRange {
  return { handle: { fd: handle.fd }, offset, size, name };
}

function errorOf({ message, isUserError, code, stack }: Extract<Answer, { error: unknown }>["error"]): Error {
  if (isUserError) return new UserError(message);
  return Object.assign(new Error(message), { stack, ...defined({ code }) });
}
