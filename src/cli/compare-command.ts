/** `layerlint compare`. */
import { runCompare } from "../app/compare.ts";
import { comparisonText } from "../report/comparison.ts";
import { json } from "../report/json.ts";
import { styleFor } from "../report/style.ts";
import { comparisonOptions, type CompareArguments } from "./command-options.ts";
import { environmentFor } from "./environment-for.ts";
import { exitCodes, type ExitCode, type RunStreams } from "./streams.ts";

/** Runs `compare`. Exit status: 0 when a container sees no difference, 1 when it does. */
export async function compareCommand(args: CompareArguments, streams: RunStreams): Promise<ExitCode> {
  const { environment, progress } = environmentFor(streams);
  try {
    const report = await runCompare(args.before, args.after, comparisonOptions(args), environment);
    progress.clear();
    const style = styleFor(args.color, streams.env, streams.stdout);
    streams.stdout.write(args.format === "json" ? json(report) : comparisonText(report, style));
    return report.equal ? exitCodes.clean : exitCodes.findings;
  } finally {
    progress.clear();
  }
}
