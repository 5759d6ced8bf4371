// Finds the mutants of a file, and compiles some of them into it, each behind a switch (`__mutants.on(id)`), so that a test
// process loads the code once and turns mutants on and off. Functions and loops count their work (`__mutants.tick(file)`):
// that shows which files a test runs, and ends the endless loops of mutants without a clock.
import { parseSync, visitorKeys, type Node } from "oxc-parser";
import { isFunction, isLeftAlone, replacements } from "./operators.ts";

export interface Mutant {
  /** The file, relative to the repository, with slashes. */
  file: string;
  start: number;
  end: number;
  line: number;
  column: number;
  original: string;
  /** The text instead; undefined where a statement is removed. */
  replacement?: string;
  /** The top-level constant whose value contains the mutated code; that code runs once, when the module loads. */
  constant?: Constant;
}

export interface Constant {
  name: string;
  /** Where its value stands. */
  start: number;
  end: number;
}

/** All mutants of a file, in the order of the text. */
export function findMutants(file: string, source: string): Mutant[] {
  const found = new Map<string, Mutant>();
  walk(parse(file, source), [], (node, parents) => {
    for (const { node: at, text } of replacements(node, { parents, source })) {
      const { start, end } = at;
      const original = source.slice(start, end);
      if (text === original) continue;
      const before = source.slice(0, start).split("\n");
      const mutant: Mutant = {
        file,
        start,
        end,
        line: before.length,
        column: before.at(-1)!.length + 1,
        original,
      };
      if (text !== undefined) mutant.replacement = text;
      const constant = constantAround([...parents, node]);
      if (constant !== undefined) mutant.constant = constant;
      found.set(`${start}-${end}:${text}`, mutant);
    }
  });
  return [...found.values()].toSorted((a, b) => a.start - b.start || b.end - a.end);
}

/** What is compiled into a file. */
export interface Switches {
  /** Mutants of the file, by id. */
  mutants: ReadonlyMap<number, Mutant>;
  /** Constants of other files, by the name that they have in this one, with the ids of their mutants. */
  imported: ReadonlyMap<string, readonly number[]>;
}

/**
 * The source with counters and with mutants behind switches. A mutant in the value of a constant gets a twin of the
 * constant, and every use of the name chooses between the two.
 */
export function instrument(
  file: string,
  source: string,
  fileId: number,
  { mutants, imported }: Switches,
): string {
  const edits: Edit[] = [];
  const twins = new Map(imported);
  for (const [id, { start, end, replacement, constant }] of mutants) {
    if (constant !== undefined) {
      const value =
        source.slice(constant.start, start) + (replacement ?? "") + source.slice(end, constant.end);
      edits.push({ start: 0, end: 0, wrap: () => `__mutants.twin(${id},()=>(${value}));` });
      twins.set(constant.name, [...(twins.get(constant.name) ?? []), id]);
      continue;
    }
    const wrap = (inner: string) =>
      replacement === undefined
        ? `{if(!__mutants.on(${id})){${inner}}}`
        : `(__mutants.on(${id})?(${replacement}):(${inner}))`;
    edits.push({ start, end, wrap });
  }
  const tick = `__mutants.tick(${fileId})`;
  walk(parse(file, source), [], (node, parents) => {
    const ids = node.type === "Identifier" ? twins.get(node.name) : undefined;
    if (ids !== undefined && isUse(node, parents.at(-1))) {
      const key = isShorthand(parents.at(-1)) ? `${source.slice(node.start, node.end)}:` : "";
      const wrap = (inner: string) =>
        key + ids.reduce((text, id) => `(__mutants.on(${id})?__mutants.twin(${id}):${text})`, inner);
      edits.push({ start: node.start, end: node.end, wrap });
    }
    const body = bodyOf(node);
    if (body === undefined) return;
    const { start, end, type } = body;
    if (type === "BlockStatement") {
      edits.push({ start: start + 1, end: start + 1, wrap: () => `${tick};` });
    } else if (isFunction(node)) {
      edits.push({ start, end, wrap: (inner) => `(${tick},(${inner}))` });
    } else {
      edits.push({ start, end, wrap: (inner) => `{${tick};${inner}}` });
    }
  });
  edits.sort((a, b) => a.start - b.start || b.end - a.end);
  return render(source, 0, source.length, edits);
}

/** Whether an identifier reads a variable. */
function isUse(node: Node, parent: Node | undefined): boolean {
  switch (parent?.type) {
    case "MemberExpression":
      return parent.object.start === node.start || parent.computed;
    case "Property":
      return isShorthand(parent) ? parent.value === node : parent.value === node || parent.computed;
    case "VariableDeclarator":
      return parent.init === node;
    case "CallExpression":
    case "NewExpression":
    case "BinaryExpression":
    case "LogicalExpression":
    case "ConditionalExpression":
    case "UnaryExpression":
    case "SpreadElement":
    case "ArrayExpression":
    case "TemplateLiteral":
    case "ReturnStatement":
    case "IfStatement":
    case "ParenthesizedExpression":
    case "YieldExpression":
    case "TSNonNullExpression":
    case "TSAsExpression":
      return true;
    case "ForOfStatement":
      return parent.right === node;
    case "ArrowFunctionExpression":
      return parent.body === node;
    case "AssignmentExpression":
      return parent.right === node;
    default:
      return false;
  }
}

function isShorthand(parent: Node | undefined): boolean {
  return parent?.type === "Property" && parent.shorthand;
}

function constantAround(path: readonly Node[]): Constant | undefined {
  const [, second, third] = path;
  const declaration = second?.type === "ExportNamedDeclaration" ? third : second;
  if (declaration?.type !== "VariableDeclaration" || declaration.kind !== "const" || path.some(isFunction))
    return undefined;
  const declarator = path[path.indexOf(declaration) + 1];
  if (declarator?.type !== "VariableDeclarator" || declarator.id.type !== "Identifier") return undefined;
  const { name } = declarator.id;
  return declarator.init === null
    ? undefined
    : { name, start: declarator.init.start, end: declarator.init.end };
}

/** The names that a file imports, with the module as it is written. */
export function importedNames(file: string, source: string): { from: string; name: string; local: string }[] {
  return parseSync(file, source).module.staticImports.flatMap(({ moduleRequest, entries }) =>
    entries
      .filter(({ isType }) => !isType)
      .map(({ importName, localName }) => ({
        from: moduleRequest.value,
        name: importName.name ?? "",
        local: localName.value,
      })),
  );
}

/** The modules that a file imports when it runs, as they are written. */
export function importsOf(file: string, source: string): string[] {
  const { module } = parseSync(file, source);
  const fixed = module.staticImports.filter(
    ({ entries }) => entries.length === 0 || entries.some(({ isType }) => !isType),
  );
  const passed = module.staticExports.flatMap(({ entries }) => entries).filter(({ isType }) => !isType);
  return [
    ...fixed.map(({ moduleRequest }) => moduleRequest.value),
    ...passed.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
    ...module.dynamicImports.map(({ moduleRequest: { start, end } }) => source.slice(start + 1, end - 1)),
  ];
}

interface Edit {
  start: number;
  end: number;
  wrap(inner: string): string;
}

function render(source: string, from: number, to: number, edits: readonly Edit[]): string {
  let text = "";
  let at = from;
  for (let index = 0; index < edits.length;) {
    const edit = edits[index]!;
    let next = index + 1;
    while (next < edits.length && edits[next]!.start < edit.end) next += 1;
    text +=
      source.slice(at, edit.start) +
      edit.wrap(render(source, edit.start, edit.end, edits.slice(index + 1, next)));
    at = edit.end;
    index = next;
  }
  return text + source.slice(at, to);
}

function bodyOf(node: Node): Node | undefined {
  switch (node.type) {
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
    case "ForStatement":
    case "ForOfStatement":
    case "ForInStatement":
    case "WhileStatement":
    case "DoWhileStatement":
      return node.body ?? undefined;
    default:
      return undefined;
  }
}

function parse(file: string, source: string): Node {
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]!.message}`);
  return program;
}

function walk(
  node: Node,
  parents: readonly Node[],
  visit: (node: Node, parents: readonly Node[]) => void,
): void {
  if (isLeftAlone(node, parents.at(-1))) return;
  visit(node, parents);
  const inside = [...parents, node];
  for (const key of visitorKeys[node.type] ?? []) {
    const child = (node as unknown as Record<string, unknown>)[key];
    for (const each of Array.isArray(child) ? child : [child]) if (isNode(each)) walk(each, inside, visit);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value;
}
