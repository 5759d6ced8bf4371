/** The other thread of share.ts: audits its part of the Dockerfiles as the first one would. */
import { auditGroup, type GroupAudit } from "../audit-group.ts";
import type { GateArguments } from "../../cli/options.ts";
import { ConfigResolver } from "../configs/config-resolver.ts";
import type { WorkerJob } from "./worker-job.ts";

export async function runWorker({ args, cwd, targets, from }: WorkerJob): Promise<readonly GroupAudit[]> {
  // the arguments of the command, whichever it is: what it has not, its settings do not ask for
  const planner = new ConfigResolver(args as typeof args & GateArguments, cwd);
  const audits: GroupAudit[] = [];
  for (const [i, target] of targets.entries()) {
    const options = {
      args,
      settings: await planner.settings([target]),
      streams: { signal: new AbortController().signal },
      progress: undefined,
      // a Dockerfile that was read cannot fail to be opened, and --target is not shared out
      complain: (message: string) => {
        throw new Error(message);
      },
    };
    const audited = await auditGroup([target], from + i, options);
    if (audited !== undefined) audits.push(audited);
  }
  return audits;
}
