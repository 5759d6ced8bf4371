import { UserError } from "../errors.ts";
import { shortCreatedBy } from "../origin/short-created-by.ts";
import { inspectTable } from "../report/inspect-table.ts";
import { json } from "../report/json.ts";
import { styleFor } from "../report/style.ts";
import type { TargetArguments } from "./options.ts";
import { runTargets } from "./run-targets.ts";
import { ConfigResolver } from "./config-resolver.ts";
import { exitCodes, type ExitCode, type Streams } from "./streams.ts";

/** `layerlint inspect`: the same report as `lint`, shown as a table of layers; 0 whenever the image could be read. */
export async function inspect(
  args: TargetArguments & { readonly format: "pretty" | "json" },
  streams: Streams,
): Promise<ExitCode> {
  const planner = new ConfigResolver(
    { ...args, failOn: "never", maxWaste: undefined, minWaste: undefined },
    streams.cwd,
  );
  // the table needs no findings; a mistake in --only, --skip or the configuration is one all the same
  const run = await runTargets(
    args,
    {
      ignoredBy: (target) => planner.ignoredBy(target),
      settings: async (group) => {
        const settings = await planner.settings(group);
        return { ...settings, ...(args.format === "json" ? {} : { rules: [] }), budget: undefined };
      },
    },
    streams,
    { savings: args.format === "json" },
  );
  if (run.report.targets.length > 0) {
    if (!run.report.targets.some((target) => target.image !== undefined)) {
      throw new UserError(
        `${args.targets.join(" ")}: not an image; layerlint inspect needs an archive, an OCI layout or -`,
      );
    }
    const style = styleFor(args.color, streams.env, streams.stdout);
    streams.stdout.write(
      args.format === "json" ? json(run.report) : inspectTable(run.report, style, shortCreatedBy),
    );
  }
  return run.trouble ? exitCodes.trouble : exitCodes.clean;
}
