/** What no fix may ever do to a Dockerfile, whatever it looks like. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { allRules } from "../../rules/index.ts";
import { resolveBuild } from "../../src/build/resolve-build.ts";
import { heredocsOf } from "../../src/dockerfile/dockerfile.ts";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import { applyEdits } from "../../src/lint/apply-edits.ts";
import { fixDockerfile } from "../../src/lint/fix-dockerfile.ts";
import { makeSubject } from "../../src/lint/make-subject.ts";
import { isEdit, runRules } from "../../src/lint/run.ts";
import { chooseRules, type Settings } from "../../src/lint/settings.ts";
import type {
  Command,
  Dockerfile,
  DockerfileView,
  Fix,
  Range,
  Safety,
  StageView,
  Step,
  TextEdit,
} from "../../src/rule/contract.ts";
import { samples } from "../support/history-samples.ts";
import { invisible, mutate, pick, randomFrom, visible } from "../support/mutations.ts";

const folder = join(import.meta.dirname, "../../fixtures/dockerfiles");

/** All rules, the opt-in ones too. */
const settings: Settings = {
  rules: chooseRules(allRules, { preset: "strict", only: [], skip: [], severity: [] }),
  failOn: "never",
  budget: undefined,
};
const targets = { dockerfile: 0, image: undefined };

/** As people write them. */
const own = readdirSync(folder)
  .filter((name) => name.endsWith(".Dockerfile"))
  .map((name) => readFileSync(join(folder, name), "utf8"));

/** Those, real builders' samples, and every rule's examples; all without errors. */
export const corpus: readonly string[] = [
  ...own,
  ...new Set([
    ...samples.map(({ text }) => text),
    ...allRules.flatMap(({ docs }) => [...docs.bad, ...docs.good].map(({ dockerfile }) => dockerfile)),
  ]),
].filter((text) => parseDockerfile(text, "Dockerfile").problems.length === 0);

/** A file of the corpus, changed one to six times. Files as people write them come every second time. */
export function mutant(seed: number): string {
  const random = randomFrom(seed);
  const text = pick(random, random() < 0.5 ? own : corpus);
  const count = 1 + Math.floor(random() * 6);
  return mutate(text, [...invisible, ...visible, ...visible], count, random);
}

/**
 * Looks at every fix by itself, and then applies them all, with and without the unsafe ones as `modes` says; throws where
 * something else than the fix has changed.
 */
export async function checkMutant(
  text: string,
  modes: readonly boolean[] = [false, true],
): Promise<{ readonly safe: number; readonly unsafe: number }> {
  const counts = { safe: 0, unsafe: 0 };
  const subject = await makeSubject({ dockerfile: { name: "Dockerfile", text } });
  const { findings, failures } = runRules(subject, settings, targets);
  expect(failures).toEqual([]);
  for (const { fixes } of findings) {
    for (const fix of fixes) {
      if (!isEdit(fix)) continue;
      counts[fix.safety]++;
      const after = parseDockerfile(applyEdits(text, fix.edits), "Dockerfile");
      sameOutside(subject.dockerfile!, resolveBuild(after), fix);
    }
  }
  for (const unsafe of modes) {
    if (counts.safe === 0 && (!unsafe || counts.unsafe === 0)) continue;
    const { text: fixed } = await fixDockerfile(subject, { settings, targets, unsafe });
    const file = parseDockerfile(fixed, "Dockerfile");
    expect(file.problems).toEqual([]);
    if (fixed !== text) expect(file.agrees).toBe(true);
    const breaks = text.match(/\r?\n/g) ?? [];
    for (const each of new Set(fixed.match(/\r?\n/g))) expect(breaks).toContain(each);
    const again = await fixDockerfile(
      await makeSubject({ dockerfile: { name: "Dockerfile", text: fixed } }),
      {
        settings,
        targets,
        unsafe,
      },
    );
    expect(again.text).toBe(fixed);
  }
  return counts;
}

/** The instructions that a fix may make another one of. */
const renamed = new Set(["ADD COPY", "MAINTAINER LABEL"]);

function isTakenAway(range: Range, edits: readonly TextEdit[]): boolean {
  return edits.some(({ start, end }) => start <= range.start && range.start < end && end >= range.end);
}

type EditingFix = Fix & { readonly edits: readonly TextEdit[] };

/** Every instruction, command, list and stage that the edits do not touch is there as it was, and nothing else is. */
function sameOutside(before: DockerfileView, after: DockerfileView, fix: EditingFix): void {
  const { edits, safety } = fix;
  expect(after.file.problems).toEqual([]);
  const touched = (range: Range) => edits.some((edit) => edit.start <= range.end && range.start <= edit.end);
  const kept = before.file.instructions.filter((each) => !touched(each));
  const moved = mover(edits);
  const then = new Map(after.file.instructions.map((each) => [each.start, each]));
  for (const instruction of kept) {
    const now = then.get(moved(instruction.start));
    const found = now === undefined ? undefined : source(after.file, now);
    if (found !== source(before.file, instruction)) expect(found).toBe(source(before.file, instruction));
  }
  for (const instruction of before.file.instructions) {
    const now = touched(instruction) ? then.get(moved(instruction.start)) : undefined;
    const names = `${instruction.keyword} ${now?.keyword}`;
    if (now === undefined || isTakenAway(instruction, edits) || renamed.has(names)) continue;
    if (now.keyword !== instruction.keyword) expect(now.keyword).toBe(instruction.keyword);
  }
  // an edit changes or takes away what it touches; it makes no second instruction of one
  const gone = before.file.instructions.length - after.file.instructions.length;
  expect(gone).toBeLessThanOrEqual(before.file.instructions.length - kept.length);
  const added = after.file.instructions.length - kept.length;
  const changed = before.file.instructions.length - kept.length;
  expect(added).toBeLessThanOrEqual(changed + edits.filter(({ text }) => text.includes("\n")).length);
  const comments = new Set(after.file.comments.map(({ text }) => text));
  for (const comment of before.file.comments) if (!touched(comment)) expect(comments).toContain(comment.text);
  sameStages(before, after, edits);
  for (const stage of before.stages) {
    for (const step of stage.steps) {
      const other = stepAt(after, moved(step.instruction.start));
      if (other !== undefined && other.instruction.keyword === step.instruction.keyword)
        sameCommands(step, other, edits, moved, safety);
    }
  }
}

/** Which stages there are, what they are FROM, and what they name; those that an edit takes away as a whole are gone. */
function sameStages(before: DockerfileView, after: DockerfileView, edits: readonly TextEdit[]): void {
  const isGone = ({ stage }: StageView) =>
    edits.some(({ start, end }) => start <= stage.from.start && stage.from.end <= end);
  const kept = before.stages.filter((stage) => !isGone(stage));
  expect(after.stages).toHaveLength(kept.length);
  const place = (index: number) => kept.findIndex(({ stage }) => stage.index === index);
  const graph = kept.map(({ stage, exported, needed }) => ({
    name: stage.name,
    image: stage.parent === undefined ? stage.image : place(stage.parent),
    exported,
    needed,
  }));
  const now = after.stages.map(({ stage, exported, needed }) => ({
    name: stage.name,
    image: stage.parent === undefined ? stage.image : stage.parent,
    exported,
    needed,
  }));
  expect(now).toEqual(graph);
}

/** What runs, in which folder, whether for sure, and how it is joined; without what an edit touches. */
function sameCommands(
  before: Step,
  after: Step,
  edits: readonly TextEdit[],
  moved: (offset: number) => number,
  safety: Safety,
): void {
  const inside = (range: Range) => edits.some((edit) => edit.start < range.end && range.start < edit.end);
  const then = before.script?.commands ?? [];
  const now = after.script?.commands ?? [];
  for (const command of then) {
    if (inside(command) || edits.some((edit) => addsTo(command, edit))) continue;
    const same = now.filter(({ start }) => start === moved(command.start)).map((each) => shape(each, safety));
    const wanted = shape(command, safety);
    if (!same.includes(wanted)) expect(same).toContain(wanted);
  }
  const list = before.script?.list?.items ?? [];
  const items = after.script?.list?.items ?? [];
  for (const item of list) {
    if (
      inside(item) ||
      edits.some(({ start, end }) => start === end && start >= item.start && start <= item.end)
    )
      continue;
    // in front of a `{ …; }` that is new, the list is one part of another
    if (edits.some(({ text }) => text === "{ ")) continue;
    expect(items.map(({ start, kind }) => `${start} ${kind}`)).toContain(`${moved(item.start)} ${item.kind}`);
  }
}

/** Words that are put into a command, or behind its last word: `npm ci` → `npm ci --omit=dev`. */
function addsTo(command: Range, { start, end, text }: TextEdit): boolean {
  if (start !== end || start <= command.start) return false;
  return start < command.end || (start === command.end && /^ [\w-]/.test(text));
}

/** An unsafe fix may let a command depend on another one, or say in which folder it runs. */
function shape(command: Command, safety: Safety): string {
  const { name, args, through, certain, cwd, redirects, assignments } = command;
  return JSON.stringify({
    name,
    args: args.map(({ text, value }) => [text, value]),
    through,
    ...(safety === "safe" ? { certain, cwd } : {}),
    redirects: redirects.map(({ operator, target }) => [operator, target?.text]),
    assignments: assignments.map((each) => [each.name, each.value]),
  });
}

function stepAt({ stages }: DockerfileView, start: number): Step | undefined {
  for (const { steps } of stages) for (const step of steps) if (step.instruction.start === start) return step;
  return undefined;
}

function source({ text }: Dockerfile, { start, end }: Range): string {
  return text.slice(start, end);
}

/** Where an offset stands afterwards; what is inserted at it comes before it. */
function mover(edits: readonly TextEdit[]): (offset: number) => number {
  return (offset) => {
    let result = offset;
    for (const { start, end, text } of edits) if (end <= offset) result += text.length - (end - start);
    return result;
  };
}

/**
 * What a builder sees of the fixed file, without what nobody sees: an invisible change before the fix may not change
 * what the fix does.
 */
export async function fixedMeaning(text: string): Promise<readonly string[]> {
  const rules = settings.rules.filter(({ rule }) => rule.category === "size");
  const subject = await makeSubject({ dockerfile: { name: "Dockerfile", text } });
  const { text: fixed } = await fixDockerfile(subject, {
    settings: { ...settings, rules },
    targets,
    unsafe: false,
  });
  return parseDockerfile(fixed, "Dockerfile").instructions.map((instruction) =>
    [
      instruction.keyword,
      ...instruction.flags.map(({ name, value }) => `--${name}=${value ?? ""}`),
      instruction.body.replace(/\s+/g, " "),
      ...heredocsOf(instruction).map(({ content }) => content.replaceAll("\r\n", "\n")),
    ].join(" "),
  );
}

export function disguise(seed: number): { readonly plain: string; readonly disguised: string } {
  const random = randomFrom(seed);
  const plain = pick(random, corpus);
  return { plain, disguised: mutate(plain, invisible, 1 + Math.floor(random() * 5), random) };
}
