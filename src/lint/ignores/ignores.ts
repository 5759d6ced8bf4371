/** The comments of a Dockerfile that silence rules: the range of each, and whether it silenced a finding. */
import {
  heldInstruction,
  type Dockerfile,
  type Instruction,
  type Range,
} from "../../dockerfile/dockerfile.ts";
import { itemAt } from "../../must.ts";
import type { IgnoreComment, IgnoredName } from "../../rule/contract.ts";
import type { Rule } from "../../rule/contract.ts";
import { closest } from "../closest.ts";
import { buildkitChecks } from "./buildkit-checks.ts";
import { removal } from "./comment-removal.ts";
import { readCheckDirective, readIgnoreComment, type IgnoreText, type NamedRule } from "./comment-syntax.ts";

interface Name extends NamedRule {
  /** The rule; undefined when no rule has this name. */
  readonly rule: Rule | undefined;
  used: boolean;
}

interface Ignore {
  readonly range: Range;
  readonly text: IgnoreText;
  readonly names: readonly Name[];
  /** True in the body of a heredoc, where no edit is safe. */
  readonly inBody: boolean;
  /** Range of the Dockerfile that the comment covers; undefined when it covers nothing. */
  reach: Range | undefined;
  /** For a start, the comment that ends only this range. */
  end: Ignore | undefined;
  problems: IgnoreComment["problems"];
  /** True once a comment without names has silenced a finding. */
  used: boolean;
}

export class Ignores {
  readonly #file: Dockerfile;
  readonly #rules: readonly Rule[];
  readonly #all: readonly Ignore[];

  constructor(file: Dockerfile, rules: readonly Rule[]) {
    this.#file = file;
    this.#rules = rules;
    this.#all = /layerlint|hadolint|check/i.test(file.text) ? this.#read() : [];
  }

  /** True if there is any comment; lets callers skip work. */
  get any(): boolean {
    return this.#all.length > 0;
  }

  /** Returns true if a finding of `rule` at `place` is silenced; `aliases` are those of the finding. */
  suppresses(rule: Rule, place: Range, aliases: readonly string[] = []): boolean {
    let found = false;
    for (const ignore of this.#all) {
      const { reach } = ignore;
      if (reach === undefined || place.start >= reach.end || reach.start >= place.end) continue;
      if (isForAll(ignore.text)) found = ignore.used = true;
      for (const name of ignore.names) {
        const isIt =
          name.rule === rule || aliases.some((alias) => alias.toLowerCase() === name.name.toLowerCase());
        if (isIt) found = name.used = true;
      }
    }
    return found;
  }

  /**
   * Returns the comments for the rules that read `comments`, after all other rules have run. `isSure` tells whether
   * the rule ran and its findings do not depend on a missing image.
   */
  comments(isSure: (rule: Rule) => boolean): IgnoreComment[] {
    return this.#all.map((ignore) => {
      // whether a comment for another tool is unused cannot be judged here
      const judged = ignore.text.tool === "layerlint" && ignore.reach !== undefined;
      const unused = ({ rule, used }: Name) => judged && !used && rule !== undefined && isSure(rule);
      const useless =
        judged &&
        (isForAll(ignore.text)
          ? !ignore.used && this.#rules.every((rule) => rule.reads === "comments" || isSure(rule))
          : ignore.names.every(unused));
      const names = ignore.names.map((name) => ({
        name,
        view: { ...rangeOf(name), name: name.name, unused: unused(name) },
      }));
      return {
        ...ignore.range,
        tool: ignore.text.tool,
        names: names.map(({ view }): IgnoredName => view),
        unused: useless,
        problems: ignore.problems,
        removal: ignore.inBody
          ? undefined
          : removal(this.#file, ignore.range, {
              names: names.map(({ view }) => view),
              whole: useless,
              partner: ignore.text.reach === "start" ? (ignore.end?.range ?? "missing") : undefined,
            }),
      };
    });
  }

  #read(): Ignore[] {
    const found: Ignore[] = [];
    const directive = this.#file.directives.find(({ name }) => name === "check");
    if (directive !== undefined) {
      const at = this.#file.text.indexOf(directive.value, directive.start);
      this.#add(found, readCheckDirective(directive.value, at), directive, false);
    }
    const directives = new Set(this.#file.directives.map(({ start }) => start));
    for (const comment of this.#file.comments) {
      if (!directives.has(comment.start))
        this.#add(found, readIgnoreComment(comment.text, comment.start), comment, false);
    }
    for (const instruction of this.#file.instructions) {
      this.#readBodies(found, instruction);
      this.#readTail(found, instruction);
    }
    found.sort((a, b) => a.range.start - b.range.start);
    this.#reachOut(found);
    return found;
  }

  /** Reads comment lines in a RUN's heredoc; they apply to the RUN. */
  #readBodies(found: Ignore[], instruction: Instruction): void {
    const held = heldInstruction(instruction);
    if (held.keyword !== "RUN") return;
    for (const { body } of held.heredocs) {
      const text = this.#file.text.slice(body.start, body.end);
      if (!/layerlint|hadolint/i.test(text)) continue;
      for (const line of text.matchAll(/^[ \t]*#[^\r\n]*/gm)) {
        const start = body.start + line.index;
        const read = readIgnoreComment(line[0], start);
        if (read?.reach === "next") this.#add(found, read, { start, end: start + line[0].length }, true);
      }
    }
  }

  /** Reads a shell comment at the end of a RUN: `RUN x # layerlint ignore=y`. */
  #readTail(found: Ignore[], instruction: Instruction): void {
    const tail = /[ \t]#+[ \t]*(?:layerlint|hadolint)[ \t]+(?:global[ \t]+)?ignore(?:-\w+)?[ \t]*=.*$/i.exec(
      instruction.body,
    );
    if (tail === null) return;
    const start = itemAt(instruction.bodyOffsets, tail.index + 1);
    const end = itemAt(instruction.bodyOffsets, instruction.body.length);
    const message =
      "this comment follows an instruction on the same line and is not read: move it to a line of its own above";
    const text: IgnoreText = {
      tool: "layerlint",
      reach: "next",
      names: [],
      problem: { message, start, end },
    };
    this.#add(found, text, { start, end }, true);
  }

  #add(found: Ignore[], text: IgnoreText | undefined, range: Range, inBody: boolean): void {
    if (text === undefined) return;
    const names = text.names.flatMap((name) => this.#resolve(name, text.tool));
    const problems = text.names.flatMap((name) => {
      const message = this.#whyUnknown(name, text.tool);
      return message === undefined ? [] : [{ message, ...rangeOf(name) }];
    });
    if (text.problem !== undefined) problems.push(text.problem);
    found.push({
      range: rangeOf(range),
      text,
      names,
      inBody,
      reach: undefined,
      end: undefined,
      problems,
      used: false,
    });
  }

  #resolve(name: NamedRule, tool: IgnoreText["tool"]): Name[] {
    if (tool === "buildkit" && name.name.toLowerCase() === "all") {
      const checks = new Set(buildkitChecks);
      return this.#rules
        .filter(({ aliases }) => aliases.some((alias) => checks.has(alias)))
        .map((rule) => ({ ...name, rule, used: false }));
    }
    const wanted = name.name.toLowerCase();
    const rule = this.#rules.find(
      ({ id, aliases }) => id === wanted || aliases.some((alias) => alias.toLowerCase() === wanted),
    );
    return [{ ...name, rule, used: false }];
  }

  /**
   * Returns why a name is unknown. Names for other tools are a mistake only if they do not have the form of that
   * tool's names.
   */
  #whyUnknown(name: NamedRule, tool: IgnoreText["tool"]): string | undefined {
    const [resolved] = this.#resolve(name, tool);
    if (resolved === undefined) return undefined;
    if (resolved.rule !== undefined) {
      if (resolved.rule.reads !== "comments") return undefined;
      return `${resolved.rule.id} checks comments, so no comment can suppress it: turn it off in the configuration`;
    }
    if (tool === "hadolint" && /^(?:DL|SC)\d{4}$/i.test(name.name)) return undefined;
    const own = this.#rules.flatMap(({ id, aliases }) => [id, ...aliases]);
    const guess = closest(name.name, tool === "buildkit" ? buildkitChecks : own);
    if (tool === "buildkit" && (guess === undefined || guess.toLowerCase() === name.name.toLowerCase()))
      return undefined;
    const hint = guess === undefined ? "" : `: did you mean ${guess}?`;
    return tool === "buildkit"
      ? `BuildKit has no check ${name.name}${hint}`
      : `there is no rule ${name.name}${hint}`;
  }

  #reachOut(ignores: readonly Ignore[]): void {
    const length = this.#file.text.length;
    const open: Ignore[] = [];
    for (const ignore of ignores) {
      const { start, end } = ignore.range;
      if (ignore.text.reach === "file") ignore.reach = { start: 0, end: Math.max(length, 1) };
      else if (ignore.text.reach === "stage") this.#reachStage(ignore);
      else if (ignore.text.reach === "next" || ignore.text.reach === "above") {
        const { instructions } = this.#file;
        const target =
          instructions.find((each) => each.start <= start && end <= each.end) ??
          instructions.find((each) => each.start >= end);
        if (ignore.names.length === 0) continue;
        if (target !== undefined && (ignore.text.reach === "next" || target.start >= end))
          ignore.reach = rangeOf(target);
        else if (target !== undefined)
          complain(ignore, "BuildKit does not read this inside an instruction: write it above");
        else complain(ignore, "no instruction follows this comment");
      } else if (ignore.text.reach === "start") open.push(ignore);
      else this.#close(open, ignore);
    }
    for (const ignore of open) {
      if (ignore.names.length === 0) continue;
      ignore.reach = { start: ignore.range.start, end: length };
      const names = ignore.text.names.map(({ name }) => name).join(",");
      complain(ignore, `no "# layerlint ignore-end=${names}" follows: use ignore-file for the whole file`);
    }
  }

  /** hadolint ignores the comment silently where no FROM follows. */
  #reachStage(ignore: Ignore): void {
    const { end } = ignore.range;
    const { instructions, stages } = this.#file;
    const next = instructions.find((each) => each.start >= end);
    const stage = stages.find(({ from }) => from === next);
    if (stage === undefined)
      return complain(ignore, "no FROM follows this comment: write it above the FROM of its stage");
    const last = stage.instructions.at(-1) ?? stage.from;
    ignore.reach = { start: stage.from.start, end: last.end };
  }

  /** Closes ranges: `ignore-end=a,b` ends the last open start of each rule; without names it ends all. */
  #close(open: Ignore[], end: Ignore): void {
    const wanted = end.text.names.map(({ name }) => name.toLowerCase());
    const closes = (start: Ignore) =>
      wanted.length === 0 || start.text.names.every(({ name }) => wanted.includes(name.toLowerCase()));
    const closed = open.filter(closes);
    const names = closed.flatMap(({ text }) => text.names.map(({ name }) => name.toLowerCase()));
    const stray = wanted.filter((name) => !names.includes(name));
    if (closed.length === 0 || stray.length > 0) {
      const what = stray.length === 0 ? "" : ` of ${stray.join(", ")}`;
      complain(end, `this ends no "ignore-start"${what}: both must name the same rules`);
    }
    for (const start of closed) {
      if (start.names.length > 0) start.reach = { start: start.range.start, end: end.range.end };
      if (closed.length === 1 && end.problems.length === 0) start.end = end;
      open.splice(open.indexOf(start), 1);
    }
  }
}

function complain(ignore: Ignore, message: string): void {
  ignore.problems = [...ignore.problems, { message, ...ignore.range }];
}

/** Returns true for `# layerlint ignore-file` without a rule. */
function isForAll({ tool, reach, names, problem }: IgnoreText): boolean {
  return tool === "layerlint" && reach === "file" && names.length === 0 && problem === undefined;
}

function rangeOf({ start, end }: Range): Range {
  return { start, end };
}
