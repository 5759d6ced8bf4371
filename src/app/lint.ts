/** The use case `lint`: lints Dockerfiles and images. */
import type { Report } from "../lint/report.ts";
import { UserError } from "../errors.ts";
import { ConfigResolver } from "./configs/config-resolver.ts";
import { environmentOf } from "./environment.ts";
import type { LintOptions, TargetInput } from "./options.ts";
import { runTargets, type Run } from "./run-targets.ts";

/**
 * Lints Dockerfiles, folders, images, or texts in memory. A Dockerfile and an image given together are linked:
 * findings name the line and the exact bytes. Resolves to what `layerlint lint --format json` prints. Throws
 * `UserError` for errors that the caller can fix.
 */
export async function lint(
  targets: TargetInput | readonly TargetInput[],
  options: LintOptions = {},
): Promise<Report> {
  const environment = environmentOf(options);
  const resolver = await ConfigResolver.create(options, environment.cwd, options.rules);
  const request = { targets: listOf(targets), options, resolver, savings: true };
  return reported(await runTargets(request, environment), options);
}

export function listOf(targets: TargetInput | readonly TargetInput[]): readonly TargetInput[] {
  return isList(targets) ? targets : [targets];
}

function isList(targets: TargetInput | readonly TargetInput[]): targets is readonly TargetInput[] {
  return Array.isArray(targets);
}

/** Returns the report of a run, after passing its problems to `onProblem` or throwing the first one. */
export function reported({ report, problems }: Run, { onProblem }: LintOptions): Report {
  for (const { message, isBug } of problems) {
    if (onProblem === undefined) throw isBug ? new Error(message) : new UserError(message);
    onProblem(message);
  }
  return report;
}
