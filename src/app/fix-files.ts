/** The use case `fix`: fixes Dockerfiles, and reports the applied fixes and the remaining findings. */
import type { Report } from "../lint/report.ts";
import { ConfigResolver } from "./configs/config-resolver.ts";
import { environmentOf } from "./environment.ts";
import { Fixer, type FixedFile } from "./fixing/fixer.ts";
import { listOf, reported } from "./lint.ts";
import type { FixOptions, TargetInput } from "./options.ts";
import { runTargets } from "./run-targets.ts";

export interface FixResult {
  /** What `layerlint fix --format json` prints: `applied` has the applied fixes, the findings are those that remain. */
  readonly report: Report;
  /** Every Dockerfile of the run, in order; texts in memory are fixed only here. */
  readonly files: readonly FixedFile[];
  /** All changes as one unified diff for `git apply`; empty when nothing changed. */
  readonly diff: string;
}

/**
 * Fixes Dockerfiles, and writes them unless `write` is `false`. Throws `UserError` for errors that the caller can
 * fix.
 */
export async function fix(
  targets: TargetInput | readonly TargetInput[],
  options: FixOptions = {},
): Promise<FixResult> {
  const environment = environmentOf(options);
  const resolver = await ConfigResolver.create(options, environment.cwd, options.rules);
  const fixer = new Fixer({
    unsafe: options.unsafe === true,
    write: options.write !== false,
    target: options.target,
  });
  const request = { targets: listOf(targets), options, resolver, fixer, savings: true };
  const report = reported(await runTargets(request, environment), options);
  return { report, files: fixer.files, diff: fixer.diff() };
}
