/** The use case `inspect`: reports the layers of images. */
import { UserError } from "../errors.ts";
import type { Report } from "../lint/report.ts";
import type { Rule } from "../rule/contract.ts";
import { ConfigResolver, type SettingsResolver } from "./configs/config-resolver.ts";
import { environmentOf, type Environment } from "./environment.ts";
import { listOf, reported } from "./lint.ts";
import type { InspectOptions, TargetInput, TargetOptions } from "./options.ts";
import { runTargets, type Run } from "./run-targets.ts";

/**
 * Inspects images. Resolves to what `layerlint inspect --format json` prints: the report of `lint`, which never
 * fails.
 */
export async function inspect(
  targets: TargetInput | readonly TargetInput[],
  options: InspectOptions = {},
): Promise<Report> {
  const request = { targets: listOf(targets), options, rules: options.rules, findings: true };
  const report = reported(await inspectTargets(request, environmentOf(options)), options);
  requireImage(report, request.targets);
  return report;
}

export interface InspectRequest {
  readonly targets: readonly TargetInput[];
  readonly options: TargetOptions;
  readonly rules?: readonly Rule[] | undefined;
  /** Run the rules. The choice of rules is validated in any event. */
  readonly findings: boolean;
}

export async function inspectTargets(
  { targets, options, rules, findings }: InspectRequest,
  environment: Environment,
): Promise<Run> {
  const own = await ConfigResolver.create({ ...options, failOn: "never" }, environment.cwd, rules);
  const resolver: SettingsResolver = {
    ignoredBy: (target) => own.ignoredBy(target),
    settings: async (group) => {
      const settings = await own.settings(group);
      return { ...settings, ...(findings ? {} : { rules: [] }), budget: undefined };
    },
  };
  // what is reclaimable is what optimize would drop
  return runTargets({ targets, options, resolver, savings: true }, environment);
}

/** Throws `UserError` when targets could be read but none of them is an image. */
export function requireImage({ targets: found }: Report, targets: readonly TargetInput[]): void {
  if (found.length === 0 || found.some(({ image }) => image !== undefined)) return;
  const names = targets.map((target) => (typeof target === "string" ? target : target.name));
  throw new UserError(
    `${names.join(" ")}: not an image; layerlint inspect needs an archive, an OCI layout or -`,
  );
}
