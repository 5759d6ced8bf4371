/** Opens and audits a group of targets that belong together. */
import { existsSync } from "node:fs";
import type { Subject } from "../analysis/subject.ts";
import type { BuildContext } from "../context/context.ts";
import { contextOf, folderOf } from "../context/folder.ts";
import { defined } from "../defined.ts";
import { UserError } from "../errors.ts";
import type { Image, OpenOptions } from "../image/image.ts";
import type { KnownSecret } from "../knowledge/secrets/known.ts";
import { audit, type Audit } from "../lint/audit.ts";
import { makeSubject } from "../lint/make-subject.ts";
import type { ReportSavings } from "../lint/report.ts";
import type { Settings } from "../lint/settings.ts";
import { knownSecrets } from "../rule/findings/known-secrets.ts";
import type { Environment } from "./environment.ts";
import type { Fixer } from "./fixing/fixer.ts";
import type { TargetOptions } from "./options.ts";
import { foldersAbove, placeOf } from "./targets/place.ts";
import { baseOf } from "./targets/other-image.ts";
import type { DockerfileTarget, ImageTarget, Target } from "./targets/targets.ts";

/** The part of a report from one group of targets. */
export interface GroupAudit {
  readonly part: Audit;
  /** The Dockerfile of the group: its text, and its target index in the report. */
  readonly dockerfile: { readonly target: number; readonly text: string } | undefined;
  readonly secrets: readonly KnownSecret[];
}

export interface GroupOptions {
  readonly options: TargetOptions;
  readonly settings: Settings;
  readonly environment: Pick<Environment, "cwd" | "signal" | "onProgress" | "heap">;
  /** Called with a line for each target that cannot be read. */
  readonly complain: (message: string) => void;
  readonly fixer?: Fixer | undefined;
  /** Show what a rewrite of an image would save. */
  readonly savings?: boolean | undefined;
}

/** Audits a group; undefined when no target could be read. `index` is the report index of its first target. */
export async function auditGroup(
  group: readonly Target[],
  index: number,
  how: GroupOptions,
): Promise<GroupAudit | undefined> {
  const { options, settings, environment, complain, fixer } = how;
  const opened = await openGroup(group, how);
  if (opened.dockerfile === undefined && opened.image === undefined) return undefined;
  try {
    const seen = await makeSubject({
      ...opened,
      dockerfile: opened.dockerfile && {
        ...opened.dockerfile,
        place: placeOf(opened.dockerfile.name, environment.cwd),
      },
      target: options.target,
      builder: settings.builder,
      origin: await baseOf(options.base, environment.signal),
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
      how.savings === true ? await withSavings(seen, order, options) : { subject: seen, savings: undefined };
    const auditOptions = { settings, targets: indexes, all: options.all === true, savings };
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

/** Adds what `layerlint optimize` would save, and its command; the planner is loaded only for images. */
async function withSavings(
  subject: Subject,
  group: readonly Target[],
  options: TargetOptions,
): Promise<{ readonly subject: Subject; readonly savings: ReportSavings | undefined }> {
  const view = subject.image;
  if (view === undefined) return { subject, savings: undefined };
  const { savingsOf } = await import("../optimize/savings.ts");
  const { suggestedCommand } = await import("./suggested-command.ts");
  const { refused, ...savings } = savingsOf(view.image, view.fixedLayers, view.rootfs);
  return {
    subject: { ...subject, image: { ...view, refused } },
    savings: { ...savings, command: suggestedCommand(group, options) },
  };
}

interface Opened {
  dockerfile?: DockerfileTarget;
  image?: Image;
  context?: BuildContext;
  above?: readonly BuildContext[];
}

async function openGroup(group: readonly Target[], how: GroupOptions): Promise<Opened> {
  const { options, complain } = how;
  const opened: Opened = {};
  for (const target of group) {
    try {
      if (target.kind === "dockerfile") {
        opened.dockerfile = target;
        const context = contextFor(target, options.context);
        if (context !== undefined) opened.context = context;
        if (options.context === undefined && target.onDisk)
          opened.above = foldersAbove(target.name, how.environment.cwd).map((folder) =>
            contextOf(folder, target.name),
          );
      } else {
        // loaded only when there is an image
        const { openImage } = await import("../image/open.ts");
        opened.image = await openImage(target.name, imageOptions(target, how));
      }
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      complain(error.message);
    }
  }
  return opened;
}

/**
 * Returns the build context. Standard input, and a text whose file has no folder, have one only if the user names it.
 */
function contextFor(target: DockerfileTarget, named: string | undefined): BuildContext | undefined {
  const { path } = target;
  if (path === undefined) return named === undefined ? undefined : contextOf(named);
  const folder = named ?? folderOf(path);
  return target.onDisk || existsSync(folder) ? contextOf(folder, path) : undefined;
}

function imageOptions(
  target: ImageTarget,
  { options, settings, environment: { signal, onProgress, heap } }: GroupOptions,
): OpenOptions {
  const curious = settings.rules.flatMap(({ rule }) =>
    rule.wantsContent === undefined ? [] : [rule.wantsContent],
  );
  return {
    ...defined({ platform: options.platform, tag: options.tag, stdin: target.stdin }),
    verify: options.verify === true,
    allowHuge: options.allowHuge === true,
    keep: (path, size) => curious.some((wants) => wants(path, size)),
    signal,
    ...defined({ onProgress }),
    onCompressed: () => heap?.letGrow(400),
  };
}
