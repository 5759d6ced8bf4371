/** Starts a second thread that audits half of many Dockerfiles. */
import { itemAt } from "../../must.ts";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Settings } from "../../lint/settings.ts";
import type { GroupAudit } from "../audit-group.ts";
import type { Environment } from "../environment.ts";
import type { TargetOptions } from "../options.ts";
import type { Target } from "../targets/targets.ts";

/** Fewest Dockerfiles for which starting a thread saves time. */
const worthSharing = 100;

/** The job of the second thread. */
export interface WorkerJob {
  readonly options: TargetOptions;
  readonly cwd: string;
  readonly targets: readonly Target[];
  /** Report index of the first target. */
  readonly from: number;
}

export interface Helper {
  /** Index of the first group that the second thread audits. */
  readonly from: number;
  readonly audits: Promise<readonly GroupAudit[]>;
}

/**
 * Starts the second thread if that saves time: for many Dockerfiles, each in its own group, and without `--target`,
 * which can drop a Dockerfile from the report and shift the indexes of the others.
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
  // a failure is thrown by the call that awaits the answer
  audits.catch(() => undefined);
  return { from, audits };
}
