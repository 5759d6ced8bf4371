/** The parser of configurations, and the published schema, which must say the same. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { allRules } from "../../../rules/index.ts";
import { template } from "../../../src/app/configs/starter-config.ts";
import { UserError } from "../../../src/errors.ts";
import { configFor } from "../../../src/lint/config/config.ts";
import { parseConfig } from "../../../src/lint/config/parse-config.ts";
import { configSchema } from "../../../src/report/config-schema.ts";
import type { Rule } from "../../../src/rule/contract.ts";

const docs = { summary: "", what: "", why: "", bad: [], good: [], fix: "" };
const tuned: Rule = {
  id: "tuned",
  aliases: ["DL9998"],
  category: "size",
  severity: "warning",
  reads: "dockerfile",
  docs,
  options: {
    fast: { type: "flag", default: false, summary: "" },
    floor: { type: "size", default: 5, summary: "" },
    names: { type: "list", default: ["a"], summary: "" },
  },
  check: () => [],
};
const rules = [...allRules, tuned];
const validate = new Ajv2020({ strict: true, strictTypes: false, formats: { date: true } }).compile(
  configSchema(rules),
);

function read(text: string, key?: string) {
  return parseConfig({ file: ".layerlint.yaml", text, key, today: "2026-06-15" }, rules);
}

function severities(text: string, path?: string) {
  const part = configFor(read(text), path);
  return Object.fromEntries([...part.rules].map(([rule, { severity }]) => [rule.id, severity]));
}

describe("what is understood, by the schema too", () => {
  test.each([
    ["an empty file", ""],
    ["comments only", "# nothing\n"],
    ["empty parts", "rules:\noverrides:\naccept:\n"],
    ["a preset", "preset: strict\n"],
    ["rules by id and alias", "rules:\n  deleted-later: off\n  DL3009: error\n"],
    ["a rule with options", "rules: {tuned: {severity: info, fast: true, floor: 2 MB, names: [x, y]}}"],
    ["a list of one", "rules: {DL9998: {names: x, floor: 500}}\nignore: vendor\n"],
    ["a limit as a share", "max-waste: 5%\nmin-waste: 500000\n"],
    ["a limit as a size", "max-waste: 1.5GiB\nfail-on: never\n"],
    [
      "overrides",
      "overrides:\n- files: [a, 'b/**']\n  preset: strict\n  fail-on: error\n  rules: {syntax: info}\n",
    ],
    ["accepts", "accept:\n- {rule: DL3009, path: '**', reason: x, layer: 0, until: 2026-02-28}\n"],
    ["JSON", '{\n\t"preset": "default",\n\t"rules": {\n\t\t"syntax": "off"\n\t}\n}'],
  ])("%s", (_, text) => {
    expect(() => read(text)).not.toThrow();
    validate(parse(text));
    expect(validate.errors ?? []).toEqual([]);
  });

  test("anchors, and a byte order mark", () => {
    const text = "\ufeffrules: &r {syntax: info}\noverrides:\n- files: x\n  rules: *r\n";
    expect(severities(text, "x")).toEqual({ syntax: "info" });
  });
});

describe("what is refused with file and line, by the schema too", () => {
  test.each([
    ["presets: strict", 1, /unknown key "presets": did you mean preset\?/],
    ["rules:\n  syntax: off\nfoo: 1", 3, /unknown key "foo": the configuration takes preset, rules/],
    ["rules:\n  syntax: warn", 2, /syntax must be one of error, warning, info, off/],
    ["rules:\n  syntax: true", 2, /syntax must be one of/],
    ["rules:\n  syntax:", 2, /syntax must be one of/],
    ["rules:\n  syntax: {level: error}", 2, /unknown key "level"/],
    ["rules:\n  tuned:\n    flor: 1", 3, /unknown key "flor": did you mean floor\?/],
    ["rules:\n  tuned:\n    floor: many", 3, /tuned: floor many: write a size/],
    ["rules:\n  tuned:\n    fast: 1", 3, /tuned: fast must be true or false/],
    ["rules:\n  tuned:\n    names: {a: 1}", 3, /tuned: names must be a list/],
    ["rules: [syntax]", 1, /rules must be a map/],
    ["- preset", 1, /the configuration must be a map/],
    ["preset: stric", 1, /preset must be one of default, strict \(did you mean strict\?\)/],
    ["fail-on: sometimes", 1, /fail-on must be one of/],
    ["max-waste: 200%", 1, /at most 100%/],
    ["min-waste: 5%", 1, /min-waste 5%: write a size/],
    ["ignore: ['!a']", 1, /negated globs are not supported/],
    ["ignore: ['']", 1, /a glob must not be empty/],
    ["overrides:\n- rules: {syntax: off}", 2, /needs files/],
    ["overrides:\n- files: []", 2, /files is empty/],
    ["overrides:\n- files:", 2, /files is empty/],
    ["overrides:\n- files: a\n  max-waste: 5%", 3, /unknown key "max-waste"/],
    ["accept:\n- {rule: syntax, path: a}", 2, /needs reason/],
    ["accept:\n- {rule: syntax, path: a, reason: ' '}", 2, /needs reason/],
    ["accept:\n- {rule: syntax, reason: x}", 2, /needs path/],
    ["accept:\n- {rule: syntax, path: a, reason: x, until: tomorrow}", 2, /until must be a date/],
    ["accept:\n- {rule: syntax, path: a, reason: x, layer: -1}", 2, /layer must be the number/],
  ])("%j", (text, line, message) => {
    expect(() => read(text)).toThrow(UserError);
    expect(() => read(text)).toThrow(message);
    expect(() => read(text)).toThrow(`.layerlint.yaml:${line}: `);
    expect(validate(parse(text))).toBe(false);
  });

  test.each([
    ["rules:\n\t- x: [", /invalid YAML/],
    ["rules: {}\noverrides: *none", /:2: \*none: there is no anchor/],
    ["? [a, b]\n: c", /:1: the configuration: a key must be a plain name/],
    ["preset: strict\n---\npreset: strict", /:2: a configuration must be one YAML document/],
    ["preset: strict\npreset: default", /:2: invalid YAML/],
    ["rules: {DL3009: error,\n leftover-cache: off}", /:2: the rule leftover-cache is set twice/],
    ["accept:\n- {rule: syntax, path: a, reason: x, until: 2026-06-31}", /until must be a date/],
    // the schema does not know the rules of plugins
    ["rules:\n  delete-later: off", /:2: unknown rule "delete-later" \(did you mean deleted-later\?\)/],
    [
      "accept:\n- path: a\n  reason: x\n  rule: sintax",
      /:4: unknown rule "sintax" \(did you mean syntax\?\)/,
    ],
  ])("more than a schema can say: %j", (text, message) => {
    expect(() => read(text)).toThrow(message);
    expect(() => read(text)).toThrow(UserError);
  });
});

describe("rules of plugins, by the schema", () => {
  test.each([
    ["rules:\n  no-port: error", true],
    ["rules:\n  no-port: { severity: info, ports: ['80'] }", true],
    ["rules:\n  no-port: { severity: high }", false],
    ["rules:\n  no-port: 7", false],
    ["accept:\n- {rule: no-port, path: a, reason: x}", true],
    ["accept:\n- {rule: '', path: a, reason: x}", false],
  ])("%j: %s", (text, isValid) => {
    expect(validate(parse(`plugins: [./rules.js]\n${text}`))).toBe(isValid);
  });
});

describe("the key layerlint of a package.json", () => {
  test("is the configuration, with the lines of the file", () => {
    const text = '{\n  "name": "x",\n  "layerlint": {\n    "preset": "strict"\n  }\n}\n';
    expect(read(text, "layerlint").preset).toBe("strict");
    expect(() => read(text.replace("preset", "prest"), "layerlint")).toThrow(/:4: unknown key "prest"/);
    expect(() => read('{"name": "x"}', "layerlint")).toThrow('there is no key "layerlint" here');
  });
});

describe("overrides", () => {
  const text = `
preset: default
rules: {syntax: error, deleted-later: off}
overrides:
- files: "*.dev.Dockerfile"
  rules: {syntax: info}
- files: [legacy, /docker/ci/]
  fail-on: never
  rules: {syntax: "off", tuned: {floor: 7}}
`;
  test.each([
    ["Dockerfile", { syntax: "error" }],
    [undefined, { syntax: "error" }],
    ["deep/down/x.dev.Dockerfile", { syntax: "info" }],
    ["deep/legacy/Dockerfile", { syntax: "off" }],
    ["legacy/x.dev.Dockerfile", { syntax: "off" }],
    ["docker/ci/a/Dockerfile", { syntax: "off" }],
    ["other/docker/ci/Dockerfile", { syntax: "error" }],
    ["../legacy/Dockerfile", { syntax: "off" }],
  ])("%s", (path, expected) => {
    expect(severities(text, path)).toMatchObject({ ...expected, "deleted-later": "off" });
  });

  test("options of a rule are merged, and an override may only set those", () => {
    const rulesOf = configFor(
      read(`rules: {tuned: {severity: error, fast: true}}${text.slice(text.indexOf("\nover"))}`),
      "legacy/x",
    ).rules;
    expect(rulesOf.get(tuned)).toEqual({ severity: "error", options: { fast: true, floor: 7 } });
  });
});

test("an accept ends after its day", () => {
  const accept = (until: string) =>
    read(`accept: [{rule: syntax, path: a, reason: x, until: ${until}}]`).accepts[0];
  expect(accept("2026-06-14")?.expired).toBe(true);
  expect(accept("2026-06-15")?.expired).toBe(false);
});

test("what init writes can be used line by line", () => {
  expect(read(template)).toMatchObject({ preset: undefined, overrides: [], accepts: [] });
  const lines = template
    .split("\n")
    .slice(2)
    .filter((line) => !line.startsWith("##"));
  const text = lines.map((line) => line.replace(/^# /, "")).join("\n");
  const config = read(text);
  expect([config.preset, config.failOn, config.maxWaste, config.rules.size]).toEqual([
    "strict",
    "error",
    { share: 0.05 },
    3,
  ]);
  expect([config.overrides.length, config.accepts.length]).toEqual([1, 1]);
  validate(parse(text));
  expect(validate.errors ?? []).toEqual([]);
});

test("schema/config.schema.json is made from the rules (else run `npm run docs`), and names each of them", () => {
  const file = readFileSync(join(import.meta.dirname, "../../../schema/config.schema.json"), "utf8");
  expect(file).toBe(`${JSON.stringify(configSchema(allRules), undefined, 2)}\n`);
  for (const { id, aliases } of allRules)
    for (const name of [id, ...aliases]) expect(file).toContain(`"${name}": {`);
});
