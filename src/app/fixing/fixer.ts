/** Fixes Dockerfiles during a run. */
import { existsSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { createTwoFilesPatch } from "diff";
import type { Subject } from "../../analysis/subject.ts";
import { defined } from "../../defined.ts";
import type { Range } from "../../dockerfile/dockerfile.ts";
import { audit, type Audit, type AuditOptions } from "../../lint/audit.ts";
import { fixDockerfile, type AppliedFix, type FixedDockerfile } from "../../lint/fix-dockerfile.ts";
import { makeSubject } from "../../lint/make-subject.ts";
import type { ReportAppliedFix } from "../../lint/report.ts";
import { movedInstruction } from "../../lint/moved-offsets.ts";
import { runRules, type LocatedFinding } from "../../lint/run.ts";
import { must } from "../../must.ts";
import { moveOrigins } from "../../origin/move-origins.ts";
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
  /** One line that names the first syntax error; a file that does not parse is not changed. */
  readonly syntaxError?: string;
}

export class Fixer {
  /** The Dockerfiles of the run, in order. */
  readonly files: FixedFile[] = [];
  readonly #options: FixerOptions;

  constructor(options: FixerOptions) {
    this.#options = options;
  }

  /**
   * Fixes the subject's Dockerfile, and audits the result. An image given with it was built from the old text: its layers
   * are then linked to what the instructions became, and what was fixed is left out.
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
    this.files.push({
      name: target.name,
      before: target.text,
      after: fixed.text,
      creates,
      ...defined({ syntaxError: syntaxErrorIn(subject) }),
    });
    const applied = fixed.applied.map((each) => toReport(each, targets.dockerfile ?? 0));
    if (fixed.applied.length === 0)
      return { part: audit(subject, { ...options, results: fixed.first }), text: target.text };
    const now = await fixedSubject(subject, fixed, {
      name: target.name,
      target: this.#options.target,
    });
    const results = runRules(now, settings, targets);
    // the context was read before the file was created, or the file is not written at all
    const created = new Set(
      fixed.applied.filter(({ fix }) => fix.creates !== undefined).map(({ rule }) => rule),
    );
    const findings = leftOf(results.findings, fixed).filter(({ finding }) => !created.has(finding.rule));
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

/** Returns the subject with the fixed text, whose instructions have the layers that they had before. */
async function fixedSubject(
  subject: Subject,
  { file, text, rounds }: FixedDockerfile,
  { name, target }: { readonly name: string; readonly target: string | undefined },
): Promise<Subject> {
  const now = await makeSubject({
    dockerfile: { name, place: file.place, text },
    target,
    builder: subject.dockerfile?.builder,
    inherited: subject.dockerfile?.inherited,
    context: subject.context,
  });
  if (subject.image === undefined) return now;
  const view = must(now.dockerfile, "the Dockerfile");
  // the same text was parsed twice: the instructions of the view are those that rules compare
  const move = (instruction: Range) => {
    const moved = movedInstruction(instruction, rounds, file);
    return moved === undefined ? undefined : view.file.instructions[moved.index];
  };
  const { image } = subject;
  return {
    ...now,
    image: { ...image, origins: moveOrigins(image.origins, move) },
    linked: subject.linked,
  };
}

/**
 * Returns the findings that are left. The image still holds what was fixed, and a rule may misread it beside the new
 * text: of the findings about layers, those count that were there before and were not fixed.
 */
function leftOf(findings: readonly LocatedFinding[], { first, resolved }: FixedDockerfile): LocatedFinding[] {
  const open = new Map<string, number>();
  for (const finding of first.findings) {
    const key = layerKey(finding);
    if (key !== undefined && !resolved.has(finding)) open.set(key, (open.get(key) ?? 0) + 1);
  }
  return findings.filter((finding) => {
    const key = layerKey(finding);
    if (key === undefined) return true;
    const count = open.get(key) ?? 0;
    open.set(key, count - 1);
    return count > 0;
  });
}

/** Names a finding by the layers and paths that it is about; undefined for a finding about the Dockerfile alone. */
function layerKey({ finding: { rule, locations, bytes } }: LocatedFinding): string | undefined {
  const places = locations.flatMap(({ layer, path }) =>
    layer === undefined ? [] : [`${layer} ${path ?? ""}`],
  );
  return places.length === 0 ? undefined : JSON.stringify([rule, bytes, places.toSorted()]);
}

function syntaxErrorIn({ dockerfile }: Subject): string | undefined {
  const problem = dockerfile?.file.problems[0];
  if (dockerfile === undefined || problem === undefined) return undefined;
  const { line } = dockerfile.file.positionAt(problem.start);
  return `${dockerfile.file.name}:${line}: not fixed, because it does not parse: ${problem.message}`;
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
