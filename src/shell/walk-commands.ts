/** Walks a shell syntax tree and yields the simple commands that may run, in order of the text. */
import {
  parse,
  type AndOr,
  type Assignment as AssignmentNode,
  type Command as CommandNode,
  type CompoundList,
  type ParsedScript,
  type Pipeline,
  type Redirection,
  type Statement,
  type Word,
} from "unbash";
import { itemAt, lastItem } from "../must.ts";
import { isBeyondReading } from "./reading-limits.ts";
import type { Assignment, Command, Redirect, ShellWord } from "./script.ts";
import { isShell } from "./shells.ts";
import { blurred, mapped, type Source } from "./source.ts";
import { alwaysFails, ShellState } from "./state.ts";
import { innerSource, shellWord, substitutions } from "./word-values.ts";
import { nameOf, unwrap } from "./wrappers.ts";

type Node = Statement["command"] | CompoundList;

/** Largest depth of nested scripts and syntax; deeper scripts are not understood. */
const maxDepth = 100;

/** The control flow around a node. */
interface Position {
  readonly state: ShellState;
  readonly source: Source;
  /** It runs whenever the RUN succeeds. */
  readonly certain: boolean;
  /** The RUN only succeeds if it does. */
  readonly must: boolean;
  readonly through: readonly string[];
  readonly depth: number;
}

export class Walker {
  readonly commands: Command[] = [];
  complete = true;
  readonly #functions = new Set<string>();

  /** Parses and walks a script that runs in `state`; undefined where it is nested too deeply. */
  script(source: Source, at: Omit<Position, "source">): ParsedScript | undefined {
    if (at.depth > maxDepth || isBeyondReading(source.text)) {
      this.complete = false;
      return undefined;
    }
    const script = parse(source.text);
    if (script.errors !== undefined && script.errors.length > 0) this.complete = false;
    this.#list(script.commands, { ...at, source });
    return script;
  }

  #list(statements: readonly Statement[], at: Position): void {
    statements.forEach((statement, i) => {
      const { state } = at;
      const last = i === statements.length - 1;
      const exits = state.errexit && state.mustSucceed;
      const must =
        statement.background !== true && (last ? at.must : exits && statement.command.type !== "AndOr");
      this.#node(statement.command, { ...at, must });
      // a shell whose status is ignored may end at its first failure
      if (state.errexit && !state.mustSucceed) state.mayHaveStopped = true;
    });
  }

  #node(node: Node, at: Position): void {
    if (at.depth > maxDepth) {
      this.complete = false;
      return;
    }
    const inner: Position = { ...at, depth: at.depth + 1 };
    const maybe: Position = { ...inner, certain: false, must: false };
    switch (node.type) {
      case "Command":
        return this.#command(node, at);
      case "AndOr":
        return this.#andOr(node, inner);
      case "Pipeline":
        return this.#pipeline(node, inner);
      case "CompoundList":
        return this.#list(node.commands, inner);
      case "BraceGroup":
        return this.#list(node.body.commands, inner);
      case "Redirected":
        return this.#node(node.command, inner);
      case "Subshell":
        return this.#list(node.body.commands, this.#inSubshell(inner));
      case "If":
        this.#list(node.clause.commands, { ...inner, must: false });
        this.#list(node.then.commands, maybe);
        for (const elif of node.elif) {
          this.#list(elif.clause.commands, maybe);
          this.#list(elif.then.commands, maybe);
        }
        if (node.else !== undefined) this.#list(node.else.commands, maybe);
        return;
      case "While":
        this.#beforeLoop(node.pos, node.end, at);
        this.#list(node.clause.commands, maybe);
        this.#list(node.body.commands, maybe);
        return;
      case "For":
      case "Select":
        for (const word of node.wordlist ?? []) this.#substitutions(word, at);
        at.state.assign(node.name.value, undefined, true);
        this.#beforeLoop(node.pos, node.end, at);
        this.#list(node.body.commands, maybe);
        return;
      case "ArithmeticFor":
        this.#beforeLoop(node.pos, node.end, at);
        this.#list(node.body.commands, maybe);
        return;
      case "Case":
        this.#substitutions(node.word, at);
        for (const item of node.items) this.#list(item.body.commands, maybe);
        return;
      case "Function":
        this.#functions.add(node.name.value);
        this.#node(node.body, this.#inSubshell(maybe));
        return;
      case "Coproc":
        this.#node(node.body, this.#inSubshell(maybe));
        return;
      case "TestCommand":
      case "ArithmeticCommand":
        return;
    }
  }

  #inSubshell(at: Position): Position {
    return { ...at, certain: this.#isCertain(at), state: at.state.subshell(at.must) };
  }

  #isCertain({ certain, state }: Position): boolean {
    return certain && !state.mayHaveStopped;
  }

  /**
   * Prepares the state for the body of a loop, whose second iteration starts with the state that the first one left.
   */
  #beforeLoop(pos: number, end: number, { state, source }: Position): void {
    if (/\b(?:cd|pushd|popd)\b/.test(source.text.slice(pos, end))) state.cwd = undefined;
    for (const [, name = ""] of source.text.slice(pos, end).matchAll(/\b([A-Za-z_][A-Za-z0-9_]*)\+?=/g)) {
      if (state.variables.has(name)) state.variables.set(name, undefined);
    }
  }

  /**
   * Walks a list: `a && b || c` is `(a && b) || c`. Finds from the right which commands must succeed for the list to
   * succeed.
   */
  #andOr(node: AndOr, at: Position): void {
    const must: boolean[] = [];
    const certain: boolean[] = [];
    let wholeMust = at.must;
    for (let i = node.commands.length - 1; i >= 0; i--) {
      const operator = i === 0 ? undefined : node.operators[i - 1];
      if (operator === undefined) {
        must[i] = wholeMust;
        certain[i] = at.certain;
      } else if (operator === "&&") {
        must[i] = wholeMust;
        certain[i] = at.certain && wholeMust;
      } else {
        const stops = at.state.mustSucceed && this.#alwaysStops(itemAt(node.commands, i), at);
        must[i] = false;
        certain[i] = false;
        wholeMust = stops;
      }
    }
    node.commands.forEach((command, i) => {
      this.#node(command, { ...at, must: itemAt(must, i), certain: itemAt(certain, i) });
    });
  }

  /** Returns true for a node that always fails: `|| exit 1`, `|| { echo failed; exit 1; }`. */
  #alwaysStops(node: Node, at: Position): boolean {
    if (node.type === "BraceGroup") {
      const last = node.body.commands.at(-1);
      return last !== undefined && last.background !== true && this.#alwaysStops(last.command, at);
    }
    if (node.type !== "Command") return false;
    const args = node.suffix.filter((word) => word.type === "Word");
    return alwaysFails(
      node.name?.value,
      args.map((word) => shellWord(word, at.source, at.state.variables)),
    );
  }

  #pipeline(node: Pipeline, at: Position): void {
    const negated = node.prefixes.some((prefix) => prefix.type === "Negation");
    const timed = node.prefixes.some((prefix) => prefix.type === "Time");
    const through = timed ? [...at.through, "time"] : at.through;
    const only = node.commands.length === 1;
    node.commands.forEach((command, i) => {
      const must = at.must && !negated && i === node.commands.length - 1;
      const here = { ...at, through, must };
      this.#node(command, only ? here : this.#inSubshell(here));
    });
  }

  #command(node: CommandNode, at: Position): void {
    const { source, state } = at;
    const certain = this.#isCertain(at);
    const assignments: Assignment[] = [];
    for (const prefix of node.prefix)
      if (prefix.type === "Assignment") assignments.push(this.#assignment(prefix, at));
    const words: ShellWord[] = [];
    for (const word of node.name === undefined ? [] : [node.name, ...node.suffix]) {
      if (word.type === "Word") {
        this.#substitutions(word, at);
        words.push(shellWord(word, source, state.variables));
      } else if (word.type === "Assignment") {
        const { value } = this.#assignment(word, at);
        const text = source.text.slice(word.pos, word.end);
        const whole = value === undefined ? undefined : `${word.name}=${value}`;
        words.push({ ...source.range(word.pos, word.end), text, value: whole, glob: false });
      }
    }
    if (words.length === 0) for (const { name, value } of assignments) state.assign(name, value, certain);
    const redirects = this.#redirects(node.redirects, at);
    this.run(
      words,
      { ...at, certain },
      source.range(node.pos, node.end),
      assignments,
      redirects,
      node.redirects,
    );
  }

  /** Runs a command line after removing its wrappers. */
  run(
    all: readonly ShellWord[],
    at: Position,
    range: { readonly start: number; readonly end: number },
    before: readonly Assignment[] = [],
    redirects: readonly Redirect[] = [],
    nodes: readonly Redirection[] = [],
  ): void {
    const { state } = at;
    const found = unwrap(all);
    const through = [...at.through, ...found.through];
    const certain = at.certain && found.certain;
    const assignments = [...before, ...found.assignments];
    if (found.script !== undefined) {
      const variables = new Map(state.variables);
      for (const { name, value } of assignments) variables.set(name, value);
      const shell = new ShellState(found.moves ? undefined : state.cwd, variables, found.errexit, at.must);
      shell.environment = state.environment;
      for (const { name, value } of assignments) shell.assign(name, value, true);
      this.#nested(found.script, { ...at, state: shell, certain, through });
      return;
    }
    const [word, ...args] = found.words;
    let name = nameOf(word);
    if (name !== undefined && this.#functions.has(name)) {
      name = undefined;
      state.forget();
    }
    if (all.length === 0 && redirects.length === 0) return;
    const cwd = found.moves ? undefined : state.cwd;
    const { environment } = state;
    this.commands.push({
      ...range,
      name,
      word,
      args,
      assignments,
      environment,
      redirects,
      through,
      certain,
      cwd,
    });
    if (found.through.includes("exec")) state.mayHaveStopped = true;
    if (name === undefined) return;
    // a trap runs at the end, not where it is written: its removals take effect then
    if (
      name === "trap" &&
      args.length > 1 &&
      /rm\s+-\w*[rR]|clean|prune|purge/.test(itemAt(args, 0).value ?? "clean")
    )
      this.complete = false;
    if (name === "eval") this.#eval(args, { ...at, certain, through: [...through, "eval"] });
    if (found.through.every((wrapper) => wrapper === "command" || wrapper === "builtin"))
      state.apply(name, args, certain);
    if (name === "find")
      this.#find(args, { ...at, certain: false, must: false, through: [...through, "find"] }, range);
    if (isShell(name)) this.#stdinScript(args, nodes, { ...at, certain, through: [...through, name] });
  }

  #nested(word: ShellWord, at: Omit<Position, "source">): void {
    const inner = innerSource(word);
    if (inner === undefined) this.complete = false;
    else this.script(inner, { ...at, depth: at.depth + 1 });
  }

  #eval(args: readonly ShellWord[], at: Position): void {
    if (args.some(({ value, glob }) => value === undefined || glob)) this.complete = false;
    else if (args.length > 0) {
      const range = { start: itemAt(args, 0).start, end: lastItem(args).end };
      this.script(blurred(args.map(({ value }) => value).join(" "), range), { ...at, depth: at.depth + 1 });
    }
  }

  /** `find … -exec cmd {} +`. */
  #find(args: readonly ShellWord[], at: Position, range: { start: number; end: number }): void {
    args.forEach((arg, i) => {
      if (arg.value === undefined || !/^-(?:exec|execdir|ok|okdir)$/.test(arg.value)) return;
      const rest = args.slice(i + 1);
      const end = rest.findIndex(({ value }) => value === ";" || value === "+");
      const words = end < 0 ? rest : rest.slice(0, end);
      if (words.length > 0) this.run(words, { ...at, depth: at.depth + 1 }, range);
    });
  }

  /** `sh -e <<EOF`: the heredoc is the script. */
  #stdinScript(args: readonly ShellWord[], nodes: readonly Redirection[], at: Position): void {
    if (args.some(({ value }) => value === undefined || !/^[-+]/.test(value) || value === "--")) return;
    const heredoc = nodes.findLast((node) => node.type === "HereDoc");
    if (heredoc?.type !== "HereDoc") return;
    const { pos, end } = heredoc.body;
    const text = at.source.text.slice(pos, end);
    const offsets = Array.from(
      { length: text.length + 1 },
      (_, i) => at.source.range(pos + i, pos + i + 1).start,
    );
    const errexit = args.some(({ value }) => /^-[a-z]*e/.test(value ?? ""));
    const state = new ShellState(at.state.cwd, at.state.variables, errexit, at.must);
    state.environment = at.state.environment;
    this.script(mapped(text, offsets), { ...at, state, depth: at.depth + 1 });
  }

  #assignment(node: AssignmentNode, at: Position): Assignment {
    let value: string | undefined;
    if (node.value.type === "Word") {
      this.#substitutions(node.value, at);
      // nothing is split or globbed in an assignment
      value = node.append === true || node.index !== undefined ? undefined : assignedValue(node.value, at);
    } else for (const element of node.value.elements) this.#substitutions(element, at);
    return { ...at.source.range(node.pos, node.end), name: node.name, value };
  }

  #redirects(nodes: readonly Redirection[], at: Position): Redirect[] {
    return nodes.map((node) => {
      const { descriptor } = node;
      const fd = descriptor?.type === "FileDescriptor" ? String(descriptor.value) : "";
      const target = node.type === "HereDoc" ? undefined : node.target;
      this.#substitutions(target, at);
      return {
        ...at.source.range(node.pos, node.end),
        operator: `${fd}${node.operator}`,
        target: target === undefined ? undefined : shellWord(target, at.source, at.state.variables),
      };
    });
  }

  #substitutions(word: Word | undefined, at: Position): void {
    for (const part of substitutions(word)) {
      if (part.type !== "CommandExpansion" && part.type !== "ProcessSubstitution") continue;
      if (part.script === undefined) {
        this.complete = false;
        continue;
      }
      if (part.script.errors !== undefined && part.script.errors.length > 0) this.complete = false;
      const { source } = part.script;
      const inner = source === undefined ? at.source : blurred(source, at.source.range(part.pos, part.end));
      const position = { ...at, source: inner, must: false, depth: at.depth + 1 };
      if (position.depth > maxDepth) this.complete = false;
      else this.#list(part.script.commands, this.#inSubshell(position));
    }
  }
}

function assignedValue(word: Word, at: Position): string | undefined {
  const { value, glob } = shellWord(word, at.source, at.state.variables);
  return glob ? undefined : value;
}
