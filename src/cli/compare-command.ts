/** `layerlint compare`. */
import { runCompare } from "../app/compare.ts";
import { comparisonReport } from "../app/comparison-report.ts";
import { comparisonText } from "../report/comparison.ts";
import { json } from "../report/json.ts";
import { styleFor } from "../report/style.ts";
import { environmentFor } from "./environment-for.ts";
import { comparisonOptions, type CompareArguments } from "./command-options.ts";
import { exitCodes, type ExitCode, type Streams } from "./streams.ts";

/** Runs `compare`. Exit status: 0 when a container sees no difference, 1 when it does. */
export async function compareCommand(args: CompareArguments, streams: Streams): Promise<ExitCode> {
  const { environment, progress } = environmentFor(streams);
  try {
    const { comparison, names } = await runCompare(
      args.before,
      args.after,
      comparisonOptions(args),
      environment,
    );
    progress.clear();
    const style = styleFor(args.color, streams.env, streams.stdout);
    streams.stdout.write(
      args.format === "json"
        ? json(comparisonReport(comparison, names))
        : comparisonText(comparison, names, style),
    );
    return comparison.equal ? exitCodes.clean : exitCodes.findings;
  } finally {
    progress.clear();
  }
}
