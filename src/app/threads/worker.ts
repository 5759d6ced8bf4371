/** The other thread of worker-job.ts: audits its part of the Dockerfiles as the first one would. */
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
      environment: { signal: new AbortController().signal },
      // a Dockerfile that was read cannot fail to be opened, and --target is not shared out
      complain: (message: string) => {
        throw new Error(message);
      },
    });
    if (audited !== undefined) audits.push(audited);
  }
  return audits;
}
