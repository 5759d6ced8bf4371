/** Runs the rules over all targets of a command and makes the report. */
import { UserError } from "../errors.ts";
import { type Audit } from "../lint/audit.ts";
import { makeReport } from "../lint/make-report.ts";
import type { Report } from "../lint/report.ts";
import type { Settings } from "../lint/settings.ts";
import { auditGroup, type GroupAudit, type GroupOptions } from "./audit-group.ts";
import type { SettingsResolver } from "./configs/config-resolver.ts";
import type { Environment } from "./environment.ts";
import type { Masked } from "./masker.ts";
import type { TargetInput, TargetOptions } from "./options.ts";
import { checkFolder, classifyTargets, type Target } from "./targets/targets.ts";
import { startWorker } from "./threads/worker-job.ts";
import { version } from "./version.ts";

export interface Run {
  readonly report: Masked<Report>;
  /** Text of each Dockerfile by target index, for the excerpts of the pretty report. */
  readonly sources: Masked<ReadonlyMap<number, string>>;
  /** Targets and rules that are missing from the report. */
  readonly problems: readonly Problem[];
  /** A line for each Dockerfile that was to be fixed and does not parse. */
  readonly unfixed: readonly string[];
}

/** A target that could not be read, or a rule that crashed. */
export interface Problem {
  /** One line; for a crash of a rule of layerlint, followed by its stack. */
  readonly message: string;
  /** True for a bug, false for an error that the user can fix. */
  readonly isBug: boolean;
}

export interface RunRequest extends Pick<GroupOptions, "fixer" | "savings"> {
  readonly targets: readonly TargetInput[];
  readonly options: TargetOptions;
  readonly resolver: SettingsResolver;
}

/** Opens the targets, links a Dockerfile with its image where there is exactly one of each, and runs the rules. */
export async function runTargets(
  { targets: inputs, options, resolver, fixer, savings }: RunRequest,
  environment: Environment,
): Promise<Run> {
  const { masker } = environment;
  if (inputs.length === 0) {
    throw new UserError(
      "name a Dockerfile, a folder, an image archive, an OCI layout, or - for standard input; see layerlint --help",
    );
  }
  if (options.context !== undefined) await checkFolder(options.context, "--context");
  const problems: Problem[] = [];
  const complain = (message: string) => problems.push({ message, isBug: false });
  const found = await classifyTargets(inputs, environment, complain);
  const targets = await withoutIgnored(found, inputs, resolver, environment);
  const groups: [readonly Target[], Settings][] = [];
  // errors in configurations are thrown before any file is changed
  for (const group of groupTargets(targets)) groups.push([group, await resolver.settings(group)]);
  const texts = new Map<number, string>();
  const audits: Audit[] = [];
  let index = 0;
  const add = (audited: GroupAudit) => {
    const { part, dockerfile } = audited;
    if (dockerfile !== undefined) texts.set(dockerfile.target, dockerfile.text);
    masker.learn(audited.secrets);
    audits.push(part);
    problems.push(...part.failures.map((message) => ({ message, isBug: true })));
    index += part.targets.length;
  };
  // no second thread with a fixer, which writes files one after the other
  const helper = fixer === undefined ? startWorker(groups, options, environment) : undefined;
  for (const [group, settings] of groups.slice(0, helper?.from)) {
    environment.signal.throwIfAborted();
    const how = { options, settings, environment, complain, fixer, savings };
    const audited = await auditGroup(group, index, how);
    if (audited !== undefined) add(audited);
  }
  for (const audited of (await helper?.audits) ?? []) add(audited);
  // the words of a rule that crashed may quote the Dockerfile
  return {
    report: withoutMaskedEdits(masker.data(makeReport(audits, version))),
    sources: masker.data(texts),
    problems: masker.data(problems),
    unfixed: masker.data(
      (fixer?.files ?? []).flatMap(({ syntaxError }) => (syntaxError === undefined ? [] : [syntaxError])),
    ),
  };
}

/** Drops the edits of a fix that repeat a secret: an editor would write the mask into the Dockerfile. */
function withoutMaskedEdits(report: Masked<Report>): Masked<Report> {
  const isMasked = (text: string) => text.includes("****");
  const findings = report.findings.map((finding) => {
    if (!finding.fixes.some(({ edits }) => edits?.some(({ text }) => isMasked(text)))) return finding;
    const fixes = finding.fixes.map(({ edits, ...fix }) =>
      edits === undefined || edits.some(({ text }) => isMasked(text)) ? fix : { ...fix, edits },
    );
    return { ...finding, fixes };
  });
  return { ...report, findings };
}

/** Drops ignored targets. A note reports ignored files that the user named, but not those found in a folder. */
async function withoutIgnored(
  targets: readonly Target[],
  inputs: readonly TargetInput[],
  resolver: SettingsResolver,
  { onNote }: Environment,
): Promise<Target[]> {
  const kept: Target[] = [];
  for (const target of targets) {
    const by = await resolver.ignoredBy(target);
    if (by === undefined) kept.push(target);
    else if (inputs.includes(target.name)) onNote?.(`${target.name}: ignored by ${by}`);
  }
  return kept;
}

/** Makes one group for each subject. A single Dockerfile and a single image form one group. */
function groupTargets(targets: readonly Target[]): Target[][] {
  const images = targets.filter((target) => target.kind === "image");
  const files = targets.filter((target) => target.kind === "dockerfile");
  return images.length === 1 && files.length === 1 ? [[...targets]] : targets.map((target) => [target]);
}
