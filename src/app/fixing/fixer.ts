/** Fixes Dockerfiles during a run. */
import { existsSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { createTwoFilesPatch } from "diff";
import type { Subject } from "../../analysis/subject.ts";
import { defined } from "../../defined.ts";
import { audit, type Audit, type AuditOptions } from "../../lint/audit.ts";
import { fixDockerfile, type AppliedFix } from "../../lint/fix-dockerfile.ts";
import { makeSubject } from "../../lint/make-subject.ts";
import type { ReportAppliedFix } from "../../lint/report.ts";
import { runRules } from "../../lint/run.ts";
import { encodeDockerfile, type DockerfileTarget } from "../targets/targets.ts";
import { createFile, replaceFile } from "./replace-file.ts";

export interface FixerOptions {
  readonly unsafe: boolean;
  /** Write the fixed files; a text that was not read from a file is never written. */
  readonly write: boolean;
  /** `--target`. */
  readonly target: string | undefined;
}

/** A Dockerfile before and after fixing. */
export interface FixedFile {
  readonly name: string;
  readonly before: string;
  /** Equal to `before` when nothing was fixed. */
  readonly after: string;
  /** Files that its fixes create beside it, such as a `.dockerignore`. */
  readonly creates: readonly { readonly name: string; readonly text: string }[];
}

export class Fixer {
  /** The Dockerfiles of the run, in order. */
  readonly files: FixedFile[] = [];
  readonly #options: FixerOptions;

  constructor(options: FixerOptions) {
    this.#options = options;
  }

  /**
   * Fixes the subject's Dockerfile, and audits the result. An image given with it was built from the old text: then
   * the remaining findings are those of the old text without the fixed ones, at the old lines.
   */
  async audit(
    subject: Subject,
    options: AuditOptions,
    target: DockerfileTarget,
  ): Promise<{ readonly part: Audit; readonly text: string }> {
    const { unsafe } = this.#options;
    const { settings, targets } = options;
    const fixed = await fixDockerfile(subject, { settings, targets, unsafe, target: this.#options.target });
    const folder = subject.context?.name;
    const creates =
      folder === undefined
        ? []
        : [...fixed.creates]
            .map(([name, text]) => ({ name: join(folder, name), text }))
            .filter(({ name }) => !existsSync(name));
    if (this.#options.write && target.onDisk) write(target, fixed.text, creates);
    this.files.push({ name: target.name, before: target.text, after: fixed.text, creates });
    const applied = fixed.applied.map((each) => toReport(each, targets.dockerfile ?? 0));
    if (subject.image !== undefined || fixed.applied.length === 0) {
      const findings = fixed.first.findings.filter((finding) => !fixed.resolved.has(finding));
      const part = audit(subject, { ...options, results: { ...fixed.first, findings } });
      return { part: { ...part, applied }, text: target.text };
    }
    const now = await makeSubject({
      dockerfile: { name: target.name, text: fixed.text },
      target: this.#options.target,
      context: subject.context,
      inherited: subject.dockerfile?.inherited,
    });
    const results = runRules(now, settings, targets);
    // the context was read before the file was created, or the file is not written at all
    const created = new Set(
      fixed.applied.filter(({ fix }) => fix.creates !== undefined).map(({ rule }) => rule),
    );
    const findings = results.findings.filter(({ finding }) => !created.has(finding.rule));
    const part = audit(now, { ...options, results: { ...results, findings } });
    return { part: { ...part, applied }, text: fixed.text };
  }

  /** Returns all changes as one unified diff for `git apply` and `patch -p1`. */
  diff(): string {
    return this.files
      .flatMap(({ name, before, after, creates }) => [
        before === after ? "" : patch(name, before, after),
        ...creates.map(({ name: file, text }) => patch(file, undefined, text)),
      ])
      .join("");
  }
}

function write(target: DockerfileTarget, text: string, creates: FixedFile["creates"]): void {
  if (text !== target.text) {
    replaceFile(target.name, encodeDockerfile(target.text, target), encodeDockerfile(text, target));
  }
  for (const { name, text: content } of creates) createFile(name, content);
}

function patch(name: string, before: string | undefined, after: string): string {
  const shown = (side: string) => (isAbsolute(name) ? name : `${side}/${name.replace(/^\.\//, "")}`);
  const old = before === undefined ? "/dev/null" : shown("a");
  const text = createTwoFilesPatch(old, shown("b"), before ?? "", after, undefined, undefined, {
    context: 3,
  });
  return text.replace(/^=+\n/, "").replace(/^(---|\+\+\+) (.*?)\t?$/gm, "$1 $2");
}

function toReport({ rule, line, fix }: AppliedFix, target: number): ReportAppliedFix {
  return {
    target,
    rule,
    ...defined({ line }),
    description: fix.description,
    safety: fix.safety,
    ...defined({ condition: fix.condition, bytes: fix.bytes }),
  };
}
