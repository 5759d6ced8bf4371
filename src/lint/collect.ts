/** Runs the rules over a subject, and drops the findings that comments and the configuration silence. */
import type { Inode, Subject } from "../analysis/subject.ts";
import type { Dockerfile, Range } from "../dockerfile/dockerfile.ts";
import type { Fix } from "../edits/fix.ts";
import type { Finding, Rule } from "../rule/contract.ts";
import { acceptance } from "./accepts.ts";
import { checkRule, missingIn, viewsOf, wantsImage, type Views } from "./check-rule.ts";
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
  /** Number of silenced findings, and their files. */
  readonly suppressed: number;
  readonly suppressedInodes: readonly Inode[];
  /** Entries of `accept` that cover a file of a finding. */
  readonly usedAccepts: ReadonlySet<Accept>;
  /** For each rule that crashed, one line; for a rule of layerlint, the stack in further lines. */
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
      hasIgnores && rule.rule.reads !== "comments" ? commentedLocations(finding.locations, subject) : [];
    const isSilenced = (place: Range) => ignores?.suppresses(rule.rule, place, finding.aliases) === true;
    const silenced = locations.some(isSilenced);
    const { accepted, used, note } = acceptance(accepts, rule.rule, finding);
    for (const accept of used) usedAccepts.add(accept);
    if (silenced || accepted) {
      if (finding.annotates !== true) suppressed++;
      for (const inode of finding.inodes ?? []) suppressedInodes.push(inode);
    } else if (finding.annotates === true) annotations.push(finding);
    else {
      const kept =
        file === undefined || locations.length === 0 ? finding : withoutEditsOf(finding, file, isSilenced);
      findings.push({ rule, finding: kept, notes: note === undefined ? [] : [note] });
    }
  };
  const run = (rule: ChosenRule, views: Views) => {
    try {
      for (const finding of checkRule(rule.rule, views, rule.options)) {
        const missing = missingIn(finding);
        if (missing !== undefined) throw new TypeError(`a finding has no ${missing}`);
        sort(rule, finding);
      }
      return true;
    } catch (error) {
      failures.push(failureOf(rule.rule, subject, error));
      return false;
    }
  };

  const views = viewsOf(subject);
  const first = settings.rules.filter(({ rule }) => rule.reads !== "comments");
  const last = settings.rules.filter(({ rule }) => rule.reads === "comments");
  for (const rule of first) {
    const isWhole = run(rule, views);
    if (isWhole && (subject.linked || !wantsImage(rule.rule.reads))) sure.add(rule.rule);
  }
  if (last.length > 0 && ignores !== undefined && hasIgnores) {
    const isLastStage = subject.dockerfile?.target === file?.stages.at(-1);
    // a comment may silence a rule that would find more with an image
    const comments = ignores.comments((rule) => isLastStage && sure.has(rule));
    const commentViews = viewsOf(subject, comments);
    for (const rule of last) run(rule, commentViews);
  }
  return { findings, annotations, suppressed, suppressedInodes, usedAccepts, failures };
}

/**
 * Drops edits of instructions for which a comment silences the rule (docs/spec/dockerfile.md, "Conditions every
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

/** Describes a crash. The author of a plugin gets the place in the plugin; for a rule of layerlint, the whole stack is kept. */
function failureOf({ id, plugin }: Rule, { dockerfile, image }: Subject, error: unknown): string {
  const file = dockerfile?.file.name ?? image?.image.name ?? "the target";
  const [what = "", ...frames] = (
    error instanceof Error ? (error.stack ?? error.message) : String(error)
  ).split("\n");
  const failed = `the rule ${id} failed on ${file}, which is a bug in ${plugin ?? "layerlint"}: ${what}`;
  if (plugin === undefined) return [failed, ...frames].join("\n");
  const place = frames.find((line) => line.startsWith("    at "));
  return place === undefined ? failed : `${failed} (${place.trim()})`;
}
