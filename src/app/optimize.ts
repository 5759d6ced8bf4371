/** The use case `optimize`: an image → a smaller one that is the same to a container. */
import { environmentOf } from "./environment.ts";
import { listOf } from "./lint.ts";
import type { OptimizeOptions, TargetInput } from "./options.ts";
import { optimizeReport, type OptimizeReport } from "./rewriting/optimize-report.ts";
import { runOptimize } from "./rewriting/optimize-run.ts";

/**
 * Writes a smaller image to `options.output` and proves that a container sees the same; with `dryRun` it only says what
 * would be done. `targets` is an image, and the Dockerfile that made it where the caller has it. Resolves to what
 * `layerlint optimize --format json` prints. Throws `UserError` for what the caller can repair.
 */
export async function optimize(
  targets: TargetInput | readonly TargetInput[],
  options: OptimizeOptions,
): Promise<OptimizeReport> {
  const { results, facts } = await runOptimize(listOf(targets), options, environmentOf(options));
  return optimizeReport(results, facts);
}
