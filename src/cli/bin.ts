/** The entry of the bundle, which scripts/launcher.cjs starts: the only file that touches the process. */
import { defined } from "../defined.ts";
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { main } from "./main.ts";
import type { WorkerJob } from "../app/threads/worker-job.ts";

if (isMainThread) start();
else void help();

/** Runs in the second thread of a run over many Dockerfiles. */
async function help(): Promise<void> {
  const { runWorker } = await import("../app/threads/worker.ts");
  parentPort?.postMessage(await runWorker(workerData as WorkerJob));
}

function start(): void {
  const abort = new AbortController();
  let stopped: "SIGINT" | "SIGTERM" | "SIGHUP" | undefined;
  const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => {
      stopped = signal;
      abort.abort();
      // no task still has a file open for writing, so there is nothing to wait for
      process.exit(codes[signal]);
    });
  }

  // a closed pipe (`layerlint … | head`) is not an error and does not change the exit status
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") return;
      abort.abort();
      // if stdout fails, report the error on stderr
      if (stream === process.stdout)
        process.stderr.write(
          `layerlint: standard output: cannot be written (${error.code ?? error.message})\n`,
        );
      process.exit(2);
    });
  }

  let stdin: NodeJS.ReadStream | undefined;
  void main(process.argv.slice(2), {
    // opened on first use
    get stdin() {
      return (stdin ??= process.stdin);
    },
    stdout: process.stdout,
    stderr: process.stderr,
    cwd: process.cwd(),
    env: process.env,
    signal: abort.signal,
    heap: { letGrow: letHeapGrow, clear: clearHeap },
    ...defined({ launcher: process.argv[1] }),
  }).then((status) => {
    process.exitCode = stopped === undefined ? status : codes[stopped];
    // unread input would keep this process and the writer alive
    stdin?.destroy();
  });
}

/**
 * Lets the heap grow before V8 marks it. Inflated data passes through buffers that V8 counts as heap memory, so it
 * would mark the whole heap dozens of times, which takes a tenth of the time of a gzip image.
 *
 * Called only when there is something to inflate: afterwards V8 rejects the code cache of modules loaded later, and
 * loading node:v8 takes time too.
 */
function letHeapGrow(percent: number): void {
  setFlags(`--heap-growing-percent=${percent}`);
}

/**
 * Collects garbage. On its own V8 would first let the heap grow to three times its live size, and release little of
 * it.
 */
function clearHeap(): void {
  letHeapGrow(50);
  setFlags("--expose-gc");
  (process.getBuiltinModule("node:vm").runInNewContext("gc") as () => void)();
}

function setFlags(flags: string): void {
  process.getBuiltinModule("node:v8").setFlagsFromString(flags);
}
