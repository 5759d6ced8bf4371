/** Many Dockerfiles on two processors: another thread takes half of them. */
import { itemAt } from "../../must.ts";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Settings } from "../../lint/settings.ts";
import type { GroupAudit } from "../audit-group.ts";
import type { Environment } from "../environment.ts";
import type { TargetOptions } from "../options.ts";
import type { Target } from "../targets/targets.ts";

/** Below that, starting a thread takes longer than it saves. */
const worthSharing = 100;

/** What the other thread is told. */
export interface WorkerJob {
  readonly options: TargetOptions;
  readonly cwd: string;
  readonly targets: readonly Target[];
  /** Index of the first of them in the report. */
  readonly from: number;
}

export interface Helper {
  /** The other thread has the groups from this one on. */
  readonly from: number;
  readonly audits: Promise<readonly GroupAudit[]>;
}

/**
 * Starts the other thread, where that is worth while: many Dockerfiles, each a group of its own, and none that a mistake
 * on the command line could keep out of the report (`--target`), which would move the others.
 */
export function startWorker(
  groups: readonly (readonly [readonly Target[], Settings])[],
  options: TargetOptions,
  { launcher, cwd }: Pick<Environment, "launcher" | "cwd">,
): Helper | undefined {
  if (launcher === undefined || options.target !== undefined) return undefined;
  if (groups.length < worthSharing || availableParallelism() < 2) return undefined;
  const targets = groups.map(([group]) => itemAt(group, 0));
  if (targets.some(({ kind }) => kind !== "dockerfile")) return undefined;
  const from = Math.ceil(groups.length / 2);
  const workerData: WorkerJob = { options, cwd, targets: targets.slice(from), from };
  const audits = new Promise<readonly GroupAudit[]>((resolve, reject) => {
    const worker = new Worker(launcher, { workerData });
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", () => reject(new Error("the other thread ended without an answer")));
  });
  // its failure is thrown where its answer is awaited
  audits.catch(() => undefined);
  return { from, audits };
}
