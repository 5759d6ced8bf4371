/** Runs the rules over a subject, and leaves out what comments and the configuration silence. */
import { acceptance } from "./accepts.ts";
import type { Inode, Subject } from "../analysis/subject.ts";
import type { Dockerfile, Range } from "../dockerfile/dockerfile.ts";
import type { Fix } from "../edits/fix.ts";
import type { Finding, Rule } from "../rule/contract.ts";
import { Ignores } from "./ignores/ignores.ts";
import { commentedLocations } from "./locate.ts";
import type { Accept, ChosenRule, Settings } from "./settings.ts";

export interface Collected {
  readonly findings: readonly {
    readonly rule: ChosenRule;
    readonly finding: Finding;
    readonly notes: string[];
  }[];
  /** Findings that only add a note to others. */
  readonly annotations: readonly Finding[];
  /** How many findings were left out, and the files they are about. */
  readonly suppressed: number;
  readonly suppressedInodes: readonly Inode[];
  /** Entries of `accept` that cover something of what was found. */
  readonly usedAccepts: ReadonlySet<Accept>;
  /** One line for each rule that crashed: a bug of ours. */
  readonly failures: readonly string[];
}

export function collect(subject: Subject, settings: Settings): Collected {
  const findings: { rule: ChosenRule; finding: Finding; notes: string[] }[] = [];
  const annotations: Finding[] = [];
  const suppressedInodes: Inode[] = [];
  const usedAccepts = new Set<Accept>();
  const failures: string[] = [];
  const accepts = settings.accepts ?? [];
  let suppressed = 0;
  const file = subject.dockerfile?.file;
  const ignores =
    file === undefined
      ? undefined
      : new Ignores(file, settings.known ?? settings.rules.map(({ rule }) => rule));
  const hasIgnores = ignores?.any === true;
  const sure = new Set<Rule>();

  const sort = (rule: ChosenRule, finding: Finding) => {
    const locations =
      hasIgnores && rule.rule.late !== true ? commentedLocations(finding.locations, subject) : [];
    const isSilenced = (place: Range) => ignores?.suppresses(rule.rule, place, finding.aliases) === true;
    const silenced = locations.some(isSilenced);
    const { accepted, used, note } = acceptance(accepts, rule.rule, finding);
    for (const accept of used) usedAccepts.add(accept);
    if (silenced || accepted) {
      if (finding.annotates !== true) suppressed++;
      for (const inode of finding.inodes ?? []) suppressedInodes.push(inode);
    } else if (finding.annotates === true) annotations.push(finding);
    else {
      const kept = locations.length === 0 ? finding : withoutEditsOf(finding, file!, isSilenced);
      findings.push({ rule, finding: kept, notes: note === undefined ? [] : [note] });
    }
  };
  const run = (rule: ChosenRule, seen: Subject) => {
    try {
      for (const finding of rule.rule.check(seen, rule.options)) sort(rule, finding);
      return true;
    } catch (error) {
      const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
      failures.push(`the rule ${rule.rule.id} failed, which is a bug in layerlint: ${stack}`);
      return false;
    }
  };

  for (const rule of settings.rules) {
    if (rule.rule.late === true) continue;
    const watched = hasIgnores && !subject.linked ? watch(subject) : undefined;
    const isWhole = run(rule, watched?.subject ?? subject);
    if (isWhole && watched?.asked() !== true) sure.add(rule.rule);
  }
  const late = settings.rules.filter(({ rule }) => rule.late === true);
  if (late.length > 0 && ignores !== undefined && hasIgnores) {
    const isLastStage = subject.dockerfile?.target === file?.stages.at(-1);
    const comments = ignores.comments((rule) => isLastStage && sure.has(rule));
    for (const rule of late) run(rule, { ...subject, ignores: comments });
  }
  return { findings, annotations, suppressed, suppressedInodes, usedAccepts, failures };
}

/**
 * No edit touches an instruction for which a comment silences the rule (docs/spec/dockerfile.md, "Conditions every
 * rewrite shares").
 */
function withoutEditsOf(
  finding: Finding,
  { instructions }: Dockerfile,
  isSilenced: (place: Range) => boolean,
): Finding {
  if (finding.fixes === undefined) return finding;
  const touches = ({ edits = [] }: Fix) =>
    instructions.some(
      (instruction) =>
        edits.some(({ start, end }) => start <= instruction.end && end >= instruction.start) &&
        isSilenced(instruction),
    );
  return { ...finding, fixes: finding.fixes.filter((fix) => !touches(fix)) };
}

/**
 * The same subject, and whether a rule asked for the image, or for a context that is not known. Where the image is not
 * there or not linked, a rule that asked might find more with one, so a comment that names it may be of use.
 */
function watch(subject: Subject): { readonly subject: Subject; asked(): boolean } {
  let asked = false;
  const ask = <T>(value: T) => ({
    get: () => {
      asked = true;
      return value;
    },
  });
  return {
    subject: Object.create(subject, {
      image: ask(subject.image),
      linked: ask(subject.linked),
      ...(subject.context === undefined ? { context: ask(undefined) } : {}),
    }) as Subject,
    asked: () => asked,
  };
}
