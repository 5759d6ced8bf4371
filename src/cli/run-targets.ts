import { secretMasker, type KnownSecret } from "../../rules/knowledge/secrets.ts";
import { knownSecrets } from "../../rules/secrets/known.ts";
import { contextOf, folderOf } from "../context/folder.ts";
import { audit, makeReport, type Audit } from "../engine/audit.ts";
import type { BuildContext } from "../engine/contract.ts";
import { maskReport } from "../engine/mask.ts";
import type { Report } from "../engine/report.ts";
import type { Settings } from "../engine/settings.ts";
import { makeSubject } from "../engine/subject.ts";
import { UserError } from "../errors.ts";
import type { Image, OpenOptions } from "../image/image.ts";
import type { OriginOptions } from "../origin/origins.ts";
import type { Fixer } from "./fix.ts";
import type { TargetArguments } from "./options.ts";
import { ProgressLine } from "./progress.ts";
import { complaint, type Streams } from "./streams.ts";
import { checkFolder, classifyTargets, type DockerfileTarget, type Target } from "./targets.ts";
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
  fixer?: Fixer,
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
  const texts = new Map<number, string>();
  const secrets: KnownSecret[] = [];
  const audits: Audit[] = [];
  let index = 0;
  for (const [group, settings] of groups) {
    const opened = await openGroup(group, args, settings, streams, progress, (message) =>
      trouble.push(message),
    );
    if (opened.dockerfile === undefined && opened.image === undefined) continue;
    try {
      const subject = await makeSubject({
        ...opened,
        target: args.target,
        origin: await originOptions(args, streams),
      });
      const order = group.filter(
        (target) => (target.kind === "image" ? opened.image : opened.dockerfile) !== undefined,
      );
      const at = (kind: Target["kind"]) => {
        const position = order.findIndex((target) => target.kind === kind);
        return position < 0 ? undefined : index + position;
      };
      const indexes = { dockerfile: at("dockerfile"), image: at("image") };
      const options = { settings, targets: indexes, all: args.all };
      const { part, text } =
        fixer === undefined || opened.dockerfile === undefined
          ? { part: audit(subject, options), text: opened.dockerfile?.text }
          : await fixer.audit(subject, options, opened.dockerfile);
      if (text !== undefined && indexes.dockerfile !== undefined) texts.set(indexes.dockerfile, text);
      secrets.push(...knownSecrets(subject));
      audits.push(part);
      trouble.push(...part.failures);
      index += order.length;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      trouble.push(error.message);
    } finally {
      await opened.image?.close();
    }
  }
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
      streams.stderr.write(complaint(`${target.name}: ignored, as ${by} says`));
  }
  return kept;
}

/** One group for each subject: a Dockerfile and an image that are alone of their kind belong together. */
function groupTargets(targets: readonly Target[]): Target[][] {
  const images = targets.filter((target) => target.kind === "image");
  const files = targets.filter((target) => target.kind === "dockerfile");
  return images.length === 1 && files.length === 1 ? [[...targets]] : targets.map((target) => [target]);
}

interface Opened {
  dockerfile?: DockerfileTarget;
  image?: Image;
  context?: BuildContext;
}

async function openGroup(
  group: readonly Target[],
  args: TargetArguments,
  settings: Settings,
  streams: Streams,
  progress: ProgressLine,
  complain: (message: string) => void,
): Promise<Opened> {
  const opened: Opened = {};
  for (const target of group) {
    try {
      if (target.kind === "dockerfile") {
        opened.dockerfile = target;
        const context = contextFor(target, args.context);
        if (context !== undefined) opened.context = context;
      } else {
        // what only images need is loaded when there is one
        const { openImage } = await import("../image/open.ts");
        opened.image = await openImage(target.name, imageOptions(target, args, settings, streams, progress));
      }
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      complain(error.message);
    }
  }
  return opened;
}

/** Standard input comes without a folder, unless one is named. */
function contextFor(
  target: Target & { kind: "dockerfile" },
  folder: string | undefined,
): BuildContext | undefined {
  if (!target.onDisk) return folder === undefined ? undefined : contextOf(folder);
  return contextOf(folder ?? folderOf(target.name), target.name);
}

function imageOptions(
  target: Target & { kind: "image" },
  args: TargetArguments,
  settings: Settings,
  streams: Streams,
  progress: ProgressLine,
): OpenOptions {
  const curious = settings.rules.flatMap(({ rule }) =>
    rule.wantsContent === undefined ? [] : [rule.wantsContent],
  );
  return {
    ...(args.platform === undefined ? {} : { platform: args.platform }),
    ...(args.tag === undefined ? {} : { tag: args.tag }),
    ...(target.stdin === undefined ? {} : { stdin: target.stdin }),
    verify: args.verify,
    allowHuge: args.allowHuge,
    keep: (path, size) => curious.some((wants) => wants(path, size)),
    signal: streams.signal,
    onProgress: progress.update,
  };
}

async function originOptions(args: TargetArguments, streams: Streams): Promise<OriginOptions> {
  if (args.base === undefined) return {};
  if (args.base.trim() === "") throw new UserError("--base: write a number of layers or name the FROM image");
  if (/^\d+$/.test(args.base)) return { base: Number(args.base) };
  const { openImage } = await import("../image/open.ts");
  const base = await openImage(args.base, {
    ...(args.platform === undefined ? {} : { platform: args.platform }),
    signal: streams.signal,
  });
  try {
    return { baseDiffIds: base.config.diffIds };
  } finally {
    await base.close();
  }
}
