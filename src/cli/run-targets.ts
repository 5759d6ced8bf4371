import { secretMasker, type KnownSecret } from "../knowledge/secrets/secrets.ts";
import { makeReport, type Audit } from "../lint/audit.ts";
import { maskReport } from "../lint/mask.ts";
import type { Report } from "../lint/report.ts";
import type { Settings } from "../lint/settings.ts";
import { UserError } from "../errors.ts";
import { auditGroup, type GroupAudit, type GroupOptions } from "./audit-group.ts";
import type { TargetArguments } from "./options.ts";
import { ProgressLine } from "./progress.ts";
import { startWorker } from "./worker-job.ts";
import { complaint, type Streams } from "./streams.ts";
import { checkFolder, classifyTargets, type Target } from "./targets.ts";
import { version } from "./version.ts";

export interface Run {
  readonly report: Report;
  /** The text of each Dockerfile by target index, secrets masked, for the excerpts of the pretty report. */
  readonly sources: ReadonlyMap<number, string>;
  /** A target could not be read, or a rule crashed; it was said on stderr. */
  readonly trouble: boolean;
}

/** What the configuration says about targets. */
export interface Plan {
  /** The configuration that says to leave a target alone. */
  ignoredBy(target: Target): Promise<string | undefined>;
  /** Of targets that are audited together. */
  settings(group: readonly Target[]): Promise<Settings>;
}

/** Opens the targets, links a Dockerfile with its image where there is exactly one of each, and runs the rules. */
export async function runTargets(
  args: TargetArguments,
  plan: Plan,
  streams: Streams,
  { fixer, savings }: Pick<GroupOptions, "fixer" | "savings"> = {},
): Promise<Run> {
  if (args.targets.length === 0) {
    throw new UserError(
      "name a Dockerfile, a folder, an image archive, an OCI layout, or - for standard input; see layerlint --help",
    );
  }
  if (args.context !== undefined) await checkFolder(args.context, "--context");
  const trouble: string[] = [];
  const found = await classifyTargets(args.targets, streams, (message) => trouble.push(message));
  const targets = await withoutIgnored(found, args, plan, streams);
  const groups: [readonly Target[], Settings][] = [];
  // a mistake in a configuration is known before a file is changed
  for (const group of groupTargets(targets)) groups.push([group, await plan.settings(group)]);
  const progress = new ProgressLine(streams.stderr);
  const complain = (message: string) => trouble.push(message);
  const texts = new Map<number, string>();
  const secrets: KnownSecret[] = [];
  const audits: Audit[] = [];
  let index = 0;
  const add = (audited: GroupAudit) => {
    const { part, dockerfile } = audited;
    if (dockerfile !== undefined) texts.set(dockerfile.target, dockerfile.text);
    secrets.push(...audited.secrets);
    audits.push(part);
    trouble.push(...part.failures);
    index += part.targets.length;
  };
  // with a fixer files are written, one after the other
  const helper = fixer === undefined ? startWorker(groups, args, streams) : undefined;
  for (const [group, settings] of groups.slice(0, helper?.from)) {
    const options = { args, settings, streams, progress, complain, fixer, savings };
    const audited = await auditGroup(group, index, options);
    if (audited !== undefined) add(audited);
  }
  for (const audited of (await helper?.audits) ?? []) add(audited);
  progress.clear();
  for (const message of trouble) streams.stderr.write(complaint(message));
  const mask = secretMasker(secrets);
  const sources = new Map([...texts].map(([target, text]) => [target, mask(text)]));
  const report = maskReport(makeReport(audits, version), mask);
  return { report, sources, trouble: trouble.length > 0 };
}

/** A file that is named and yet left alone is told of; one that a folder holds is not. */
async function withoutIgnored(
  targets: readonly Target[],
  args: TargetArguments,
  plan: Plan,
  streams: Streams,
): Promise<Target[]> {
  const kept: Target[] = [];
  for (const target of targets) {
    const by = await plan.ignoredBy(target);
    if (by === undefined) kept.push(target);
    else if (args.targets.includes(target.name))
      streams.stderr.write(complaint(`${target.name}: ignored by ${by}`));
  }
  return kept;
}

/** One group for each subject: a Dockerfile and an image that are alone of their kind belong together. */
function groupTargets(targets: readonly Target[]): Target[][] {
  const images = targets.filter((target) => target.kind === "image");
  const files = targets.filter((target) => target.kind === "dockerfile");
  return images.length === 1 && files.length === 1 ? [[...targets]] : targets.map((target) => [target]);
}
