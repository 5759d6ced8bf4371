/** The entry of the bundle, which scripts/launcher.cjs starts: the only file that touches the process. */
import { defined } from "../defined.ts";
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { main } from "./main.ts";
import type { WorkerJob } from "../app/threads/worker-job.ts";

if (isMainThread) start();
else void help();

/** In the other thread of a run over many Dockerfiles. */
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
      // whatever still runs holds no file of ours open for writing, so there is nothing to wait for
      process.exit(codes[signal]);
    });
  }

  // a reader that has seen enough (`layerlint … | head`) is no error, and changes nothing about what was found
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") return;
      abort.abort();
      // what cannot be said on the one can perhaps be said on the other
      if (stream === process.stdout)
        process.stderr.write(
          `layerlint: standard output: cannot be written (${error.code ?? error.message})\n`,
        );
      process.exit(2);
    });
  }

  let stdin: NodeJS.ReadStream | undefined;
  void main(process.argv.slice(2), {
    // opened only when it is read
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
    // a writer that has more to give than we wanted would keep us, and we it
    stdin?.destroy();
  });
}

/**
 * What is inflated passes through buffers that V8 counts as memory of the heap, for which it would mark the whole heap
 * dozens of times: a tenth of the time that a gzip image takes. So the heap may grow a few times over before it does.
 *
 * Only where there is something to inflate: V8 refuses the ready-made code of whatever is loaded later, and loading
 * node:v8 takes its time too.
 */
function letHeapGrow(percent: number): void {
  setFlags(`--heap-growing-percent=${percent}`);
}

/** V8 would let the heap grow to three times what is in it first, and give little of that back. */
function clearHeap(): void {
  letHeapGrow(50);
  setFlags("--expose-gc");
  (process.getBuiltinModule("node:vm").runInNewContext("gc") as () => void)();
}

function setFlags(flags: string): void {
  process.getBuiltinModule("node:v8").setFlagsFromString(flags);
}
