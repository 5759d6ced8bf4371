/** Parses a `.layerlint.yaml`, or the key `layerlint` of a package.json. */
import type { Node } from "yaml";
import { builderNames } from "../../build/builders.ts";
import { defined } from "../../defined.ts";
import { UserError } from "../../errors.ts";
import { must } from "../../must.ts";
import { type OptionValues, type Rule, presets } from "../../rule/contract.ts";
import { failLevels, findRule, ruleLevels, type Accept, type RuleSetting } from "../settings.ts";
import { parseSize, parseSizeOrShare } from "../sizes.ts";
import { configKeys, partKeys, type Config, type ConfigPart } from "./config.ts";
import { fileGlob, imageGlob, whyNoGlob } from "./globs.ts";
import { Reader } from "./reader.ts";

export interface ConfigSource {
  /** As messages name it. */
  readonly file: string;
  readonly text: string;
  /** The key that holds the configuration: `layerlint` in a package.json. */
  readonly key?: string | undefined;
  /** Today as YYYY-MM-DD; an entry of `accept` applies until the end of its day. */
  readonly today: string;
  /**
   * True if the user named the file (`--config`). A discovered configuration may not name plugins, because linting a
   * checkout must not run its code.
   */
  readonly named?: boolean;
}

/** Returns the plugins of a configuration in order; they are loaded before the rest of it is parsed. */
export function pluginsIn(source: ConfigSource): readonly string[] {
  return new Parser(source, []).plugins();
}

/** Parses a configuration. Throws `UserError` with file and line for every unknown key or value. */
export function parseConfig(source: ConfigSource, rules: readonly Rule[]): Config {
  return new Parser(source, rules).parse();
}

class Parser {
  readonly #source: ConfigSource;
  readonly #rules: readonly Rule[];
  readonly #yaml: Reader;

  constructor(source: ConfigSource, rules: readonly Rule[]) {
    this.#source = source;
    this.#rules = rules;
    this.#yaml = new Reader(source.text, source.file);
  }

  plugins(): readonly string[] {
    const plugins = this.#top().get("plugins");
    return plugins === undefined ? [] : this.#yaml.texts(plugins, "plugins");
  }

  parse(): Config {
    const at = this.#top();
    if (at.has("plugins") && this.#source.named !== true)
      this.#yaml.fail(
        at.get("plugins") ?? null,
        "plugins are loaded only from a configuration that --config names: linting a checkout must not run its code",
      );
    const builder = at.get("builder");
    return {
      file: this.#source.file,
      ...this.#part(at),
      ignores: this.#globs(at.get("ignore"), "ignore"),
      overrides: this.#yaml
        .items(at.get("overrides") ?? null, "overrides")
        .map((item) => this.#override(item)),
      maxWaste: this.#size(at.get("max-waste"), "max-waste", parseSizeOrShare),
      minWaste: this.#size(at.get("min-waste"), "min-waste", parseSize),
      builder: builder === undefined ? undefined : this.#yaml.choice(builder, "builder", builderNames),
      accepts: this.#yaml.items(at.get("accept") ?? null, "accept").map((item) => this.#accept(item)),
    };
  }

  #top(): ReadonlyMap<string, Node | null> {
    const { key } = this.#source;
    const root = key === undefined ? this.#yaml.root : this.#under(key);
    return this.#values(root, key === undefined ? "the configuration" : `"${key}"`, configKeys);
  }

  #under(key: string): Node | null {
    const fields = this.#yaml.fields(this.#yaml.root, this.#source.file);
    const found = fields.find(({ name }) => name === key);
    return found === undefined ? this.#yaml.fail(null, `there is no key "${key}" here`) : found.value;
  }

  #values(node: Node | null, what: string, known: readonly string[]): Map<string, Node | null> {
    return new Map(this.#yaml.fields(node, what, known).map(({ name, value }) => [name, value]));
  }

  #part(at: ReadonlyMap<string, Node | null>): ConfigPart {
    const preset = at.get("preset");
    const failOn = at.get("fail-on");
    return {
      preset: preset === undefined ? undefined : this.#yaml.choice(preset, "preset", presets),
      failOn: failOn === undefined ? undefined : this.#yaml.choice(failOn, "fail-on", failLevels),
      rules: this.#ruleSettings(at.get("rules") ?? null),
    };
  }

  #override(node: Node | null): Config["overrides"][number] {
    const at = this.#values(node, "an entry of overrides", ["files", ...partKeys]);
    const files = at.get("files");
    if (files === undefined) this.#yaml.fail(node, "an entry of overrides needs files, a list of globs");
    if (this.#yaml.texts(files, "files").length === 0) this.#yaml.fail(files, "files is empty: write globs");
    return { ...this.#part(at), matches: this.#globs(files, "files") };
  }

  #globs(node: Node | null | undefined, what: string): (path: string) => boolean {
    if (node === undefined) return () => false;
    const globs = this.#yaml.texts(node, what);
    for (const glob of globs) {
      const why = whyNoGlob(glob);
      if (why !== undefined) this.#yaml.fail(node, `${what}: ${why}`);
    }
    return fileGlob(globs);
  }

  #size<T>(
    node: Node | null | undefined,
    what: string,
    parse: (text: string, what: string) => T,
  ): T | undefined {
    if (node === undefined) return undefined;
    return parse(this.#yaml.text(node, what), `${this.#yaml.where(node)}: ${what}`);
  }

  #rule(name: string, node: Node): Rule {
    try {
      return findRule(this.#rules, name);
    } catch (error) {
      if (error instanceof UserError) this.#yaml.fail(node, error.message);
      throw error;
    }
  }

  #ruleSettings(node: Node | null): Map<Rule, RuleSetting> {
    const settings = new Map<Rule, RuleSetting>();
    for (const { name, key, value } of this.#yaml.fields(node, "rules")) {
      const rule = this.#rule(name, key);
      if (settings.has(rule))
        this.#yaml.fail(key, `the rule ${rule.id} is set twice: "${name}" is an alias of it`);
      settings.set(rule, this.#ruleSetting(rule, value));
    }
    return settings;
  }

  #ruleSetting(rule: Rule, node: Node | null): RuleSetting {
    if (!this.#yaml.isMap(node)) return { severity: this.#yaml.choice(node, rule.id, ruleLevels) };
    const known = rule.options ?? {};
    const options: Record<string, OptionValues[string]> = {};
    let severity: RuleSetting["severity"];
    for (const { name, value } of this.#yaml.fields(node, rule.id, ["severity", ...Object.keys(known)])) {
      if (name === "severity") severity = this.#yaml.choice(value, "severity", ruleLevels);
      else options[name] = this.#option(`${rule.id}: ${name}`, must(known[name], name).type, value);
    }
    return { ...defined({ severity }), options };
  }

  #option(what: string, type: "flag" | "size" | "list", node: Node | null): OptionValues[string] {
    if (type === "list") return this.#yaml.texts(node, what);
    if (type === "size") return must(this.#size(node, what, parseSize), what);
    const { value } = this.#yaml.scalar(node);
    if (typeof value !== "boolean") this.#yaml.fail(node, `${what} must be true or false`);
    return value;
  }

  #accept(node: Node | null): Accept {
    const keys = ["rule", "path", "layer", "reason", "until"];
    const fields = this.#yaml.fields(node, "an entry of accept", keys);
    const at = new Map(fields.map(({ name, value }) => [name, value]));
    const need = (name: string, why: string) => {
      const value = at.get(name);
      const text = value === undefined ? "" : this.#yaml.text(value, name).trim();
      return text === "" ? this.#yaml.fail(node, `an entry of accept needs ${name}: ${why}`) : text;
    };
    const name = need("rule", "the rule whose findings are accepted");
    const path = need("path", 'a glob inside the image, or "**" for all');
    const reason = need("reason", "why the finding is acceptable");
    const why = whyNoGlob(path);
    if (why !== undefined) this.#yaml.fail(at.get("path") ?? node, `path: ${why}`);
    const until = at.has("until") ? this.#day(at.get("until") ?? null) : undefined;
    return {
      rule: this.#rule(name, must(at.get("rule"), "rule")),
      path,
      matches: imageGlob(path),
      layer: at.has("layer") ? this.#layer(at.get("layer") ?? null) : undefined,
      reason,
      until,
      expired: until !== undefined && until < this.#source.today,
      file: this.#source.file,
      line: this.#yaml.line(fields[0]?.key ?? node),
    };
  }

  #layer(node: Node | null): number {
    const { value } = this.#yaml.scalar(node);
    if (typeof value === "number" && Number.isInteger(value) && value >= 0) return value;
    return this.#yaml.fail(node, "layer must be the number of a layer, counted from 0 as in reports");
  }

  #day(node: Node | null): string {
    const { value } = this.#yaml.scalar(node);
    if (typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value)) {
      const day = new Date(`${value}T00:00:00Z`);
      // the 31st of June would become the first of July
      if (!Number.isNaN(day.getTime()) && day.toISOString().startsWith(value)) return value;
    }
    return this.#yaml.fail(
      node,
      "until must be a date such as 2027-01-31, the last day on which the entry counts",
    );
  }
}
