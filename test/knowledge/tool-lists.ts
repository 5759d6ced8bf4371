/** Finds lists of tool names in source text: arrays, objects, cases, comparisons, alternatives of a pattern, words of a string. */
import { parseSync } from "oxc-parser";
import { tools } from "../../src/knowledge/tools/index.ts";

const toolNames: ReadonlySet<string> = new Set(
  tools.flatMap(({ id, names, helpers = [] }) => [id, ...names, ...helpers]),
);

/** What a rule says to its readers. */
const PROSE = new Set(["docs", "message", "advice", "description", "condition", "why"]);

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [key: string]: unknown;
}

export interface ToolList {
  readonly line: number;
  /** Different ones, two or more. */
  readonly names: readonly string[];
}

/** The lists in one file, outermost only. */
export function toolListsIn(text: string): readonly ToolList[] {
  const { program, errors } = parseSync("file.ts", text);
  if (errors.length > 0) throw new Error(errors[0]!.message);
  const found: ToolList[] = [];
  visit(program as unknown as Node, (node) => {
    const names = [...new Set(namesIn(node))].filter((name) => toolNames.has(name));
    if (names.length < 2) return false;
    found.push({ line: text.slice(0, node.start).split("\n").length, names });
    return true;
  });
  return found;
}

/** Goes down until `isDone` says that a node needs no further look. */
function visit(node: Node, isDone: (node: Node) => boolean): void {
  if (isDone(node)) return;
  for (const child of childrenOf(node)) visit(child, isDone);
}

function childrenOf(node: Node): Node[] {
  return Object.values(node).flatMap((value) => {
    const all: unknown[] = Array.isArray(value) ? value : [value];
    return all.filter((each) => isNode(each) && !isProse(each)) as Node[];
  });
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as Node).type === "string";
}

function isProse(node: Node): boolean {
  return node.type === "Property" && PROSE.has(keyOf(node) ?? "");
}

function keyOf(property: Node): string | undefined {
  const { name, value } = property["key"] as { readonly name?: string; readonly value?: string };
  return name ?? value;
}

/** The words of a node that would be names of tools, were it a list of these; none where it is nothing like a list. */
function namesIn(node: Node): string[] {
  switch (node.type) {
    case "ArrayExpression":
      return stringsBelow(node);
    case "ObjectExpression":
      return (node["properties"] as Node[]).flatMap((each) =>
        each.type === "Property" ? (keyOf(each) ?? []) : [],
      );
    case "SwitchStatement":
      return (node["cases"] as Node[]).flatMap(({ test }) => (isNode(test) ? stringsBelow(test) : []));
    case "LogicalExpression":
    case "ConditionalExpression":
      return comparedIn(node);
    case "Literal":
      if ("regex" in node) return alternativesOf((node["regex"] as { pattern: string }).pattern);
      return typeof node["value"] === "string" ? wordsOf(node["value"]) : [];
    case "TemplateElement":
      return wordsOf((node["value"] as { readonly cooked: string | null }).cooked ?? "");
    default:
      return [];
  }
}

/** Tables count as a whole: `[{ names: ["npm"] }, { names: ["yarn"] }]`. */
function stringsBelow(node: Node): string[] {
  if (node.type === "Literal" && typeof node["value"] === "string") return [node["value"]];
  if (node.type.endsWith("Function") || node.type === "ArrowFunctionExpression") return [];
  return childrenOf(node).flatMap(stringsBelow);
}

/** `name === "apt" || name === "apt-get"`. */
function comparedIn(node: Node): string[] {
  if (node.type === "BinaryExpression")
    return /^[!=]==?$/.test(node["operator"] as string) ? childrenOf(node).flatMap(stringOf) : [];
  const isPart = /^(?:Logical|Conditional|Parenthesized|Unary)Expression$/.test(node.type);
  return isPart ? childrenOf(node).flatMap(comparedIn) : [];
}

function stringOf(node: Node): string[] {
  return node.type === "Literal" && typeof node["value"] === "string" ? [node["value"]] : [];
}

/** The extensions of files: `\.(?:tar(?:\.\w+)?|rpm)`. */
const EXTENSIONS = /\\\.\(\?:(?:[^()]|\([^()]*\))*\)/g;

/** `^(?:apt|dnf5?)$`: whole alternatives, with and without a last character that may be missing. */
function alternativesOf(pattern: string): string[] {
  const names = pattern
    .replace(EXTENSIONS, ".x")
    .replace(/\\b/g, "")
    .replace(/\\([.+-])/g, "$1")
    .matchAll(/(?<=^|[(|^]|\(\?:)([a-z][\w+.-]*)(\?)?(?=$|[|)$([\\*+])/g);
  return [...names].flatMap(([, name = "", optional]) =>
    optional === undefined ? [name] : [name, name.slice(0, -1)],
  );
}

/** A string that holds only words, as for `split`; a sentence has other ones. */
function wordsOf(text: string): string[] {
  const words = text.split(/\s+/).filter((word) => word !== "");
  const isList = words.length > 1 && words.every((word) => /^[\w.+:[-]+$/.test(word));
  return isList && !words.some((word) => /^(?:a|an|the|or|and|of|to|in|with|is|by|for|than)$/.test(word))
    ? words
    : [];
}
