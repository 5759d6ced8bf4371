/** `layerlint optimize`. */
import { runOptimize } from "../app/rewriting/optimize-run.ts";
import { json } from "../report/json.ts";
import { optimizeText } from "../report/optimize-text.ts";
import { styleFor } from "../report/style.ts";
import { rewriteOptions, type OptimizeArguments } from "./command-options.ts";
import { environmentFor } from "./environment-for.ts";
import { exitCodes, type ExitCode, type RunStreams } from "./streams.ts";

/** Runs `optimize`. Exit status: 0 when the output is written and proved; all other outcomes are errors. */
export async function optimizeCommand(args: OptimizeArguments, streams: RunStreams): Promise<ExitCode> {
  const { environment, progress } = environmentFor(streams);
  try {
    const report = await runOptimize(args.targets, rewriteOptions(args), environment);
    progress.clear();
    const style = { ...styleFor(args.color, streams.env, streams.stdout), explain: args.explain };
    streams.stdout.write(args.format === "json" ? json(report) : optimizeText(report, style));
    return exitCodes.clean;
  } finally {
    progress.clear();
  }
}
