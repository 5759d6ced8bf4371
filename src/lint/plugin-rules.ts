/**
 * Reads the rules of a plugin from the exports of its module. An export that is not a rule is a `UserError` naming
 * the plugin.
 */
import { UserError } from "../errors.ts";
import { fieldOf } from "../records.ts";
import { presets, readings, type Rule } from "../rule/contract.ts";

const categories = ["size", "security", "portability", "correctness"];
const severities = ["error", "warning", "info"];
const optionTypes = ["flag", "size", "list"];

/**
 * Returns the rules of the export `rules`, or of the default export: one rule, a list of rules, or an object with a
 * list `rules`.
 */
export function rulesOf(module: unknown, plugin: string): readonly Rule[] {
  const exported = fieldOf(module, "rules") ?? fieldOf(module, "default");
  const found = fieldOf(exported, "rules") ?? exported;
  const rules: readonly unknown[] = Array.isArray(found) ? found : [found];
  if (found === undefined || rules.length === 0)
    throw new UserError(
      `${plugin}: a plugin exports its rules as default or as "rules"; this one exports none`,
    );
  return rules.map((rule) => {
    const why = whyNoRule(rule);
    if (why !== undefined) throw new UserError(`${plugin}: ${why}`);
    return { ...(rule as Rule), plugin };
  });
}

/** Returns why a value is not a rule; undefined for a rule. */
function whyNoRule(rule: unknown): string | undefined {
  const id = fieldOf(rule, "id");
  if (typeof id !== "string" || !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(id))
    return "a rule needs an id in lower case with dashes";
  const why = whyNoMeta(rule) ?? whyNoDocs(fieldOf(rule, "docs")) ?? whyNoOptions(fieldOf(rule, "options"));
  return why === undefined ? undefined : `the rule "${id}": ${why}`;
}

function whyNoMeta(rule: unknown): string | undefined {
  const oneOf = (name: string, values: readonly string[]) =>
    values.includes(String(fieldOf(rule, name))) ? undefined : `${name} must be one of ${values.join(", ")}`;
  return (
    (isTexts(fieldOf(rule, "aliases")) ? undefined : "aliases must be a list of texts") ??
    oneOf("category", categories) ??
    oneOf("severity", severities) ??
    oneOf("reads", readings) ??
    (fieldOf(rule, "preset") === undefined ? undefined : oneOf("preset", presets)) ??
    (isFunction(fieldOf(rule, "check")) ? undefined : "check must be a function") ??
    (fieldOf(rule, "wantsContent") === undefined || isFunction(fieldOf(rule, "wantsContent"))
      ? undefined
      : "wantsContent must be a function")
  );
}

function whyNoDocs(docs: unknown): string | undefined {
  for (const name of ["summary", "what", "why", "fix"])
    if (typeof fieldOf(docs, name) !== "string") return `docs.${name} must be a text`;
  for (const name of ["bad", "good"]) {
    const examples = fieldOf(docs, name);
    const isExample = (each: unknown) =>
      typeof fieldOf(each, "title") === "string" && typeof fieldOf(each, "dockerfile") === "string";
    if (!Array.isArray(examples) || !examples.every(isExample))
      return `docs.${name} must be a list of examples, each with title and dockerfile`;
  }
  return undefined;
}

function whyNoOptions(options: unknown): string | undefined {
  if (options === undefined) return undefined;
  if (typeof options !== "object" || options === null || Array.isArray(options))
    return "options must be an object";
  for (const [name, option] of Object.entries(options)) {
    if (!/^[a-z]+(-[a-z]+)*$/.test(name) || name === "severity")
      return `the option "${name}" needs another name: lower case with dashes, and not severity`;
    const type = String(fieldOf(option, "type"));
    if (!optionTypes.includes(type)) return `options.${name}.type must be one of ${optionTypes.join(", ")}`;
    const value = fieldOf(option, "default");
    const fits =
      type === "flag"
        ? typeof value === "boolean"
        : type === "size"
          ? typeof value === "number"
          : isTexts(value);
    if (!fits || typeof fieldOf(option, "summary") !== "string")
      return `options.${name} needs a default of its type and a summary`;
  }
  return undefined;
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

function isFunction(value: unknown): boolean {
  return typeof value === "function";
}
