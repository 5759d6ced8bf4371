/** The use case `optimize`: makes a smaller image in which a container sees the same. */
import { environmentOf } from "./environment.ts";
import { listOf } from "./lint.ts";
import type { OptimizeOptions, TargetInput } from "./options.ts";
import type { OptimizeReport } from "./rewriting/optimize-report.ts";
import { runOptimize } from "./rewriting/optimize-run.ts";

/**
 * Writes a smaller image to `options.output` and proves that a container sees the same; with `dryRun` it only reports
 * what it would do. `targets` is an image, optionally with its Dockerfile. Resolves to what `layerlint optimize
 * --format json` prints. Throws `UserError` for errors that the caller can fix.
 */
export async function optimize(
  targets: TargetInput | readonly TargetInput[],
  options: OptimizeOptions,
): Promise<OptimizeReport> {
  return runOptimize(listOf(targets), options, environmentOf(options));
}
