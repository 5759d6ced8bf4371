/** The second thread of worker-job.ts: audits its part of the Dockerfiles. */
import { auditGroup, type GroupAudit } from "../audit-group.ts";
import { ConfigResolver } from "../configs/config-resolver.ts";
import type { WorkerJob } from "./worker-job.ts";

export async function runWorker({ options, cwd, targets, from }: WorkerJob): Promise<readonly GroupAudit[]> {
  const resolver = await ConfigResolver.create(options, cwd);
  const audits: GroupAudit[] = [];
  for (const [i, target] of targets.entries()) {
    const audited = await auditGroup([target], from + i, {
      options,
      settings: await resolver.settings([target]),
      environment: { cwd, signal: new AbortController().signal },
      // cannot happen: these Dockerfiles were read already, and runs with --target use one thread
      complain: (message: string) => {
        throw new Error(message);
      },
    });
    if (audited !== undefined) audits.push(audited);
  }
  return audits;
}
