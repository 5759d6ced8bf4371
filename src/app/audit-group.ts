/** Targets that belong together, opened and audited. */
import type { OriginOptions } from "../origin/origin-facts.ts";
import type { KnownSecret } from "../knowledge/secrets/secrets.ts";
import { knownSecrets } from "../rule/findings/known-secrets.ts";
import { contextOf, folderOf } from "../context/folder.ts";
import { audit, type Audit } from "../lint/audit.ts";
import type { Subject } from "../analysis/subject.ts";
import type { BuildContext } from "../context/context.ts";
import type { Image, OpenOptions } from "../image/image.ts";
import type { ReportSavings } from "../lint/report.ts";
import type { Settings } from "../lint/settings.ts";
import { makeSubject } from "../lint/make-subject.ts";
import { UserError } from "../errors.ts";
import { baseOf } from "./targets/other-image.ts";
import type { Fixer } from "./fixing/fixer.ts";
import type { TargetArguments } from "../cli/options.ts";
import type { ProgressLine } from "../cli/progress.ts";
import type { Streams } from "../cli/streams.ts";
import type { DockerfileTarget, Target } from "./targets/targets.ts";

/** What a group of targets adds to the report. */
export interface GroupAudit {
  readonly part: Audit;
  /** The text that its findings speak of, and where the Dockerfile stands in the report. */
  readonly dockerfile: { readonly target: number; readonly text: string } | undefined;
  readonly secrets: readonly KnownSecret[];
}

export interface GroupOptions {
  readonly args: TargetArguments;
  readonly settings: Settings;
  readonly streams: Pick<Streams, "signal" | "heap">;
  readonly progress: ProgressLine | undefined;
  /** Takes a line for each target that cannot be read. */
  readonly complain: (message: string) => void;
  readonly fixer?: Fixer | undefined;
  /** What a rewrite of an image would save is shown. */
  readonly savings?: boolean | undefined;
}

/** Undefined where nothing could be read. `index` is the place of its first target in the report. */
export async function auditGroup(
  group: readonly Target[],
  index: number,
  options: GroupOptions,
): Promise<GroupAudit | undefined> {
  const { args, settings, streams, complain, fixer } = options;
  const opened = await openGroup(group, options);
  if (opened.dockerfile === undefined && opened.image === undefined) return undefined;
  try {
    const seen = await makeSubject({
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
    const { subject, savings } =
      options.savings === true ? await withSavings(seen, order, args) : { subject: seen, savings: undefined };
    const auditOptions = { settings, targets: indexes, all: args.all, savings };
    const { part, text } =
      fixer === undefined || opened.dockerfile === undefined
        ? { part: audit(subject, auditOptions), text: opened.dockerfile?.text }
        : await fixer.audit(subject, auditOptions, opened.dockerfile);
    return {
      part,
      dockerfile:
        text === undefined || indexes.dockerfile === undefined
          ? undefined
          : { target: indexes.dockerfile, text },
      secrets: knownSecrets(subject),
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    complain(error.message);
    return undefined;
  } finally {
    await opened.image?.close();
  }
}

/** What `layerlint optimize` would save, and how it is called; what plans is loaded when there is an image. */
async function withSavings(
  subject: Subject,
  group: readonly Target[],
  args: TargetArguments,
): Promise<{ readonly subject: Subject; readonly savings: ReportSavings | undefined }> {
  const view = subject.image;
  if (view === undefined) return { subject, savings: undefined };
  const { savingsOf } = await import("../optimize/savings.ts");
  const { optimizeCommand } = await import("./rewriting/suggested-command.ts");
  const { refused, ...savings } = savingsOf(view.image, view.fixedLayers, view.rootfs);
  return {
    subject: { ...subject, image: { ...view, refused } },
    savings: { ...savings, command: optimizeCommand(group, args) },
  };
}

interface Opened {
  dockerfile?: DockerfileTarget;
  image?: Image;
  context?: BuildContext;
}

async function openGroup(group: readonly Target[], options: GroupOptions): Promise<Opened> {
  const { args, complain } = options;
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
        opened.image = await openImage(target.name, imageOptions(target, options));
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
  { args, settings, streams, progress }: GroupOptions,
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
    ...(progress === undefined ? {} : { onProgress: progress.update }),
    onCompressed: () => streams.heap?.letGrow(400),
  };
}

async function originOptions(
  args: TargetArguments,
  streams: Pick<Streams, "signal">,
): Promise<OriginOptions> {
  if (args.base === undefined) return {};
  return baseOf(args.base, streams.signal);
}
