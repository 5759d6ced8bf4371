// What is changed in the syntax tree to make a mutant, and what is left alone. Each operator returns replacements of one node.
import type * as ESTree from "oxc-parser";
import { mutate as mutatePattern } from "weapon-regex";

type Node = ESTree.Node;

/** A replacement of one node: an expression takes an expression, a statement is removed. */
export interface Replacement {
  node: Node;
  /** The new text of an expression; undefined removes a statement. */
  text?: string;
}

/** Where a node stands, as far as operators ask. */
export interface SourceLocation {
  /** The path from the program down to the parent of the node. */
  parents: readonly Node[];
  source: string;
}

/** Properties whose value is documentation; nothing below them is mutated. */
const DOCUMENTATION = new Set(["docs"]);

const NEIGHBOURS: Readonly<Record<string, readonly string[]>> = {
  "<": ["<=", ">="],
  "<=": ["<", ">"],
  ">": [">=", "<="],
  ">=": [">", "<"],
  "===": ["!=="],
  "!==": ["==="],
  "-": ["+"],
  "*": ["/"],
  "/": ["*"],
  "%": ["*"],
  "&": ["|"],
  "|": ["&"],
  "<<": [">>"],
  ">>": ["<<"],
};

const TWIN_METHODS = new Map(
  Object.entries({
    startsWith: "endsWith",
    endsWith: "startsWith",
    some: "every",
    every: "some",
    min: "max",
    max: "min",
    find: "findLast",
    findLast: "find",
    indexOf: "lastIndexOf",
    lastIndexOf: "indexOf",
  }),
);

/** Methods whose call may be left out: what they are called on has the type of what they return. */
const DROPPED_METHODS = new Set([
  "filter",
  "slice",
  "sort",
  "toSorted",
  "reverse",
  "toReversed",
  "trim",
  "trimStart",
  "trimEnd",
  "toLowerCase",
  "toUpperCase",
]);

/** Methods whose argument is compared with something, so that a string there is a condition. */
const COMPARING_METHODS = new Set([
  "includes",
  "has",
  "startsWith",
  "endsWith",
  "indexOf",
  "lastIndexOf",
  "get",
]);

/** All replacements of one node, without those of its children. */
export function replacements(node: Node, place: SourceLocation): Replacement[] {
  const text = (part: { start: number; end: number }) => place.source.slice(part.start, part.end);
  const parent = place.parents.at(-1);
  const instead = (...texts: string[]) => texts.map((replacement) => ({ node, text: replacement }));
  switch (node.type) {
    case "IfStatement":
    case "ConditionalExpression":
      return [
        { node: node.test, text: "true" },
        { node: node.test, text: "false" },
      ];
    case "WhileStatement":
    case "DoWhileStatement":
      return [{ node: node.test, text: "false" }];
    case "LogicalExpression":
      return instead(text(node.left), text(node.right));
    case "BinaryExpression": {
      const { left, right, operator } = node;
      const swapped =
        operator === "+" && !isText(left) && !isText(right) ? ["-"] : (NEIGHBOURS[operator] ?? []);
      const between = place.source.slice(left.end, right.start);
      return instead(
        ...swapped.map((other) => text(left) + between.replace(operator, () => other) + text(right)),
      );
    }
    case "UnaryExpression":
      return node.operator === "!" || node.operator === "-" ? instead(text(node.argument)) : [];
    case "UpdateExpression": {
      const other = node.operator === "++" ? "--" : "++";
      return instead(node.prefix ? other + text(node.argument) : text(node.argument) + other);
    }
    case "AssignmentExpression":
      if (node.operator !== "-=" && (node.operator !== "+=" || isText(node.right))) return [];
      return instead(`${text(node.left)} ${node.operator === "-=" ? "+=" : "-="} ${text(node.right)}`);
    case "Literal":
      return literal(node, place).map((replacement) => ({ node, text: replacement }));
    case "ArrayExpression":
      return node.elements.length > 0 && !isData(place) ? instead("[]") : [];
    case "ChainExpression":
      return parent?.type === "UnaryExpression" && parent.operator === "delete" ? [] : chain(node, place);
    case "CallExpression":
      return isInChain(place) ? [] : call(node, place);
    case "ExpressionStatement":
      return node.expression.type === "Literal" ? [] : [{ node }];
    case "ContinueStatement":
    case "ThrowStatement":
      return [{ node }];
    case "BreakStatement":
      return place.parents.at(-1)?.type === "SwitchCase" ? [] : [{ node }];
    default:
      return [];
  }
}

/** Whether nothing at or below this node is mutated: types, imports, documentation and the words of errors. */
export function isLeftAlone(node: Node, parent: Node | undefined): boolean {
  if (node.type === "ImportDeclaration" || node.type === "ExportAllDeclaration") return true;
  if (node.type.startsWith("TS") && !("expression" in node)) return true;
  if (parent?.type === "ThrowStatement") return true;
  if (node.type !== "Property" || node.computed) return false;
  return node.key.type === "Identifier" && DOCUMENTATION.has(node.key.name);
}

function literal(node: ESTree.Node & { type: "Literal" }, place: SourceLocation): string[] {
  const parent = place.parents.at(-1);
  if ("regex" in node) return patterns(node.regex.pattern, node.regex.flags);
  if (parent?.type === "Property" && parent.key.start === node.start) return [];
  if (typeof node.value === "string") {
    return node.value !== "" && isCompared(node, place) ? [`""`] : [];
  }
  if (isData(place)) return [];
  if (typeof node.value === "boolean") return [String(!node.value)];
  return typeof node.value === "number" ? [String(node.value + 1)] : [];
}

function patterns(pattern: string, flags: string): string[] {
  try {
    const found = mutatePattern(pattern, flags, { mutationLevels: [1] });
    return [...new Set(found.map((mutant) => mutant.pattern))]
      .filter(isValid)
      .map((text) => `/${text}/${flags}`);
  } catch {
    return []; // weapon-regex does not know every syntax
  }

  function isValid(text: string): boolean {
    if (text === "" || text === pattern) return false;
    try {
      return new RegExp(text, flags).flags === flags;
    } catch {
      return false;
    }
  }
}

/** Whether a string decides something: only then it is mutated, all others are names, data or words for people. */
function isCompared(node: Node, { parents }: SourceLocation): boolean {
  const parent = parents.at(-1);
  if (parent?.type === "BinaryExpression") return parent.operator === "===" || parent.operator === "!==";
  if (parent?.type === "SwitchCase") return parent.test?.start === node.start;
  if (parent?.type !== "CallExpression" || parent.callee.type !== "MemberExpression") return false;
  const { property } = parent.callee;
  return property.type === "Identifier" && COMPARING_METHODS.has(property.name);
}

/** Whether a literal is in an array or object of a top-level constant: a table of facts, or the metadata of a rule. */
function isData({ parents }: SourceLocation): boolean {
  return (
    !parents.some(isFunction) &&
    parents.some(
      ({ type }) => type === "ArrayExpression" || type === "ObjectExpression" || type === "NewExpression",
    )
  );
}

function chain(node: ESTree.ChainExpression, { source }: SourceLocation): Replacement[] {
  const found: Replacement[] = [];
  let link: Node = node.expression;
  for (;;) {
    const next: Node | undefined =
      "object" in link
        ? link.object
        : "callee" in link
          ? link.callee
          : "expression" in link
            ? (link.expression as Node)
            : undefined;
    if (next === undefined) return found;
    if ("optional" in link && link.optional) {
      const at = source.indexOf("?.", next.end);
      const dot = /^\?\.\s*[[(]/.test(source.slice(at)) ? "" : ".";
      found.push({ node, text: source.slice(node.start, at) + dot + source.slice(at + 2, node.end) });
    }
    link = next;
  }
}

function call(node: ESTree.CallExpression, { source }: SourceLocation): Replacement[] {
  const { callee } = node;
  if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier" || callee.computed)
    return [];
  const { name } = callee.property;
  const twin = TWIN_METHODS.get(name);
  if (twin !== undefined)
    return [
      {
        node,
        text:
          source.slice(node.start, callee.property.start) +
          twin +
          source.slice(callee.property.end, node.end),
      },
    ];
  return DROPPED_METHODS.has(name)
    ? [{ node, text: source.slice(callee.object.start, callee.object.end) }]
    : [];
}

/** Whether a node is a link of an optional chain: putting a condition around it would end the chain there. */
function isInChain({ parents }: SourceLocation): boolean {
  for (let index = parents.length - 1; index >= 0; index -= 1) {
    const { type } = parents[index] as Node;
    if (type === "ChainExpression") return true;
    if (type !== "MemberExpression" && type !== "CallExpression" && type !== "TSNonNullExpression")
      return false;
  }
  return false;
}

function isText(node: Node): boolean {
  if (node.type === "ParenthesizedExpression") return isText(node.expression);
  if (node.type === "BinaryExpression" && node.operator === "+")
    return isText(node.left) || isText(node.right);
  return node.type === "TemplateLiteral" || (node.type === "Literal" && typeof node.value === "string");
}

export function isFunction({ type }: Node): boolean {
  return (
    type === "FunctionDeclaration" || type === "FunctionExpression" || type === "ArrowFunctionExpression"
  );
}
