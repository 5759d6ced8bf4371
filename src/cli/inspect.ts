import { allRules } from "../../rules/index.ts";
import { chooseRules } from "../engine/settings.ts";
import { UserError } from "../errors.ts";
import { shortCreatedBy } from "../origin/short.ts";
import { inspectTable } from "../report/inspect.ts";
import { json } from "../report/json.ts";
import { styleFor } from "../report/style.ts";
import { splitList, type TargetArguments } from "./options.ts";
import { runTargets } from "./run-targets.ts";
import { exitCodes, type ExitCode, type Streams } from "./streams.ts";

/** `layerlint inspect`: the same report as `lint`, shown as a table of layers; 0 whenever the image could be read. */
export async function inspect(args: TargetArguments, streams: Streams): Promise<ExitCode> {
  const rules = chooseRules(allRules, {
    preset: args.preset,
    only: splitList(args.only),
    skip: splitList(args.skip),
    severity: splitList(args.severity),
  });
  // the table needs no findings; a mistake in --only or --skip is one all the same
  const needed = args.format === "json" ? rules : [];
  const run = await runTargets(
    args,
    { rules: needed, known: allRules, failOn: "never", budget: undefined },
    streams,
  );
  if (run.report.targets.length > 0) {
    if (!run.report.targets.some((target) => target.image !== undefined)) {
      throw new UserError(
        `${args.targets.join(" ")}: no image here; layerlint inspect needs an archive, an OCI layout or -`,
      );
    }
    const style = styleFor(args.color, streams.env, streams.stdout);
    streams.stdout.write(
      args.format === "json" ? json(run.report) : inspectTable(run.report, style, shortCreatedBy),
    );
  }
  return run.trouble ? exitCodes.trouble : exitCodes.clean;
}
