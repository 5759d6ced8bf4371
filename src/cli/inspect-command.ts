/** `layerlint inspect`: the same report as `lint`, shown as a table of layers. */
import { inspectTargets, requireImage } from "../app/inspect.ts";
import { inspectTable } from "../report/inspect-table.ts";
import { json } from "../report/json.ts";
import { styleFor } from "../report/style.ts";
import { targetOptions, type InspectArguments } from "./command-options.ts";
import { environmentFor, printProblems } from "./environment-for.ts";
import { exitCodes, type ExitCode, type RunStreams } from "./streams.ts";

/** Runs `inspect`. Exit status: 0 if the image could be read. */
export async function inspectCommand(args: InspectArguments, streams: RunStreams): Promise<ExitCode> {
  const { targets } = args;
  const { environment, progress } = environmentFor(streams);
  // the table needs no findings
  const request = { targets, options: targetOptions(args), findings: args.format === "json" };
  const run = await inspectTargets(request, environment);
  progress.clear();
  printProblems(run, streams);
  if (run.report.targets.length > 0) {
    requireImage(run.report, targets);
    const style = styleFor(args.color, streams.env, streams.stdout);
    streams.stdout.write(args.format === "json" ? json(run.report) : inspectTable(run.report, style));
  }
  return run.problems.length > 0 ? exitCodes.trouble : exitCodes.clean;
}
