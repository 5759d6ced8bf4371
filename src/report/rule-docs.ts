/** Formats the documentation of rules: pages, the table, and the output of `explain`. */
import { formatBytes } from "../format.ts";
import type { Example, Rule } from "../rule/contract.ts";
import { paintSeverity, wrap, type Style } from "./style.ts";

/** Returns one line for each rule, by category. */
export function ruleList(rules: readonly Rule[], style: Style): string {
  const { chalk } = style;
  const id = Math.max(...rules.map((rule) => rule.id.length));
  const out: string[] = [];
  for (const category of new Set(rules.map((rule) => rule.category))) {
    out.push(chalk.bold(category));
    for (const rule of rules.filter((r) => r.category === category)) {
      const gap = " ".repeat("warning".length - rule.severity.length);
      out.push(
        `  ${chalk.cyan(rule.id.padEnd(id))}  ${paintSeverity(style, rule.severity)}${gap}  ${rule.docs.summary}${isOptIn(rule) ? chalk.dim(" (strict)") : ""}`,
      );
    }
    out.push("");
  }
  if (rules.some(isOptIn)) out.push("Rules marked (strict) run only with --preset strict, or if named.");
  out.push("layerlint explain <rule> explains a rule.");
  return `${out.join("\n")}\n`;
}

function isOptIn(rule: Rule): boolean {
  return rule.preset === "strict";
}

/** Returns name, default and meaning of each option. */
function optionLines(rule: Rule): string[] {
  return Object.entries(rule.options ?? {}).map(([name, option]) => {
    const value =
      option.type === "size"
        ? formatBytes(option.default).replace(".0", "")
        : option.type === "list"
          ? `[${option.default.join(", ")}]`
          : String(option.default);
    return `\`${name}\` (${option.type}, ${value} by default): ${option.summary}`;
  });
}

/** Formats the documentation of one rule for a terminal. */
export function ruleText(rule: Rule, style: Style): string {
  const { chalk, width } = style;
  const paragraph = (text: string) =>
    text
      .trim()
      .split(/\n\s*\n/)
      .flatMap((part) => [...wrap(part.replace(/\s*\n\s*/g, " "), Math.min(width, 100)), ""]);
  const aliases = rule.aliases.length > 0 ? `  (${rule.aliases.join(", ")})` : "";
  const out = [
    `${chalk.cyan.bold(rule.id)}${aliases}  ${paintSeverity(style, rule.severity)}  ${chalk.dim(isOptIn(rule) ? `${rule.category}, strict` : rule.category)}`,
    "",
    ...paragraph(rule.docs.summary),
    ...paragraph(rule.docs.what),
    chalk.bold("Why"),
    ...paragraph(rule.docs.why),
    ...(rule.options === undefined ? [] : [chalk.bold("Options"), ...optionLines(rule).flatMap(paragraph)]),
    ...rule.docs.bad.flatMap((example) => exampleLines("Bad", example, style)),
    ...rule.docs.good.flatMap((example) => exampleLines("Good", example, style)),
    chalk.bold("Fix"),
    ...paragraph(rule.docs.fix),
  ];
  return `${out.join("\n").trimEnd()}\n`;
}

function exampleLines(kind: string, example: Example, style: Style): string[] {
  const { chalk } = style;
  const files = contextFiles(example);
  const context = files === "" ? [] : [chalk.dim("  Build context:"), `    ${files}`];
  const layers =
    example.layers === undefined
      ? []
      : [chalk.dim("  Layers:"), ...example.layers.map((layer, i) => `    ${i}: ${layer}`)];
  return [
    `${(kind === "Bad" ? chalk.red : chalk.green).bold(kind)}: ${example.title}`,
    ...example.dockerfile
      .trimEnd()
      .split("\n")
      .map((line) => `    ${line}`),
    ...context,
    ...layers,
    "",
  ];
}

const generated = "<!-- Generated from the rule files by `npm run docs`; edit those. -->";

/** Makes rules/README.md, the table of all rules. `page` returns the link to the page of a rule. */
export function ruleTable(rules: readonly Rule[], page: (rule: Rule) => string): string {
  const rows = rules.map((rule) => {
    const severity = `${rule.severity}${isOptIn(rule) ? ", strict" : ""}`;
    return `| [${rule.id}](${page(rule)}) | ${severity} | ${rule.docs.summary.replaceAll("|", "\\|")} |`;
  });
  return `${["# Rules", "", generated, "", "| rule | severity | finds |", "|---|---|---|", ...rows].join("\n")}\n`;
}

/** Makes docs/rules/<id>.md: the output of `explain`, as Markdown. */
export function rulePage(rule: Rule): string {
  const { docs } = rule;
  const aliases = rule.aliases.length > 0 ? ` Also known as ${rule.aliases.join(", ")}.` : "";
  const optIn = isOptIn(rule) ? " Opt-in: runs only with `--preset strict`, or if named." : "";
  const out = [
    `# ${rule.id}`,
    "",
    generated,
    "",
    `*${rule.category}, ${rule.severity}.*${aliases}${optIn}`,
    "",
    docs.summary,
    "",
    dedent(docs.what),
    "",
    `**Why.** ${dedent(docs.why)}`,
    "",
    ...(rule.options === undefined
      ? []
      : ["**Options.**", "", ...optionLines(rule).map((line) => `- ${line}`), ""]),
    ...docs.bad.flatMap((example) => exampleMarkdown("Bad", example)),
    ...docs.good.flatMap((example) => exampleMarkdown("Good", example)),
    `**Fix.** ${dedent(docs.fix)}`,
  ];
  return `${out.join("\n").trimEnd()}\n`;
}

/** Formats context files in the notation of layer sketches: `src/a.js(20) package.json(10)`. */
function contextFiles({ context = {} }: Example): string {
  return Object.entries(context)
    .map(([path, size]) => `${path}(${size})`)
    .join(" ");
}

function exampleMarkdown(kind: string, example: Example): string[] {
  const files = contextFiles(example);
  const context = files === "" ? [] : ["", "Its build context:", "", "```", files, "```"];
  const layers =
    example.layers === undefined
      ? []
      : ["", "Its layers:", "", "```", ...example.layers.map((layer, i) => `${i}: ${layer}`), "```"];
  return [
    `**${kind}**: ${example.title}`,
    "",
    "```dockerfile",
    example.dockerfile.trimEnd(),
    "```",
    ...context,
    ...layers,
    "",
  ];
}

function dedent(text: string): string {
  return text
    .trim()
    .split("\n")
    .map((line) => line.trim())
    .join("\n");
}
