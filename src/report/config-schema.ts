/** Makes schema/config.schema.json, with which editors complete and check a `.layerlint.yaml`. */
import { builderNames, failLevels, presets, ruleLevels } from "../app/options.ts";
import { schemaId } from "../project.ts";
import type { Rule, RuleOption } from "../rule/contract.ts";

type Schema = Readonly<Record<string, unknown>>;

const size = {
  description: "A size such as 10MB, 1.5GiB or 500000 (bytes).",
  anyOf: [
    { type: "integer", minimum: 0 },
    { type: "string", pattern: "^\\s*\\d+(\\.\\d+)?\\s*([bB]|[kKmMgGtT]([iI]?[bB])?)?\\s*$" },
  ],
};
const text = { type: "string", pattern: "\\S" };
const glob = { $ref: "#/$defs/glob" };

export function configSchema(rules: readonly Rule[]): Schema {
  const part = {
    preset: {
      enum: presets,
      description: "default: what matters on a first run. strict: all rules.",
    },
    rules: { $ref: "#/$defs/rules" },
    "fail-on": {
      enum: failLevels,
      description: "A run fails on findings that are at least this severe; warning by default.",
    },
  };
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: schemaId("config"),
    title: "layerlint configuration",
    description:
      "A .layerlint.yaml, or the key `layerlint` of a package.json. Written by `npm run docs` from the rules.",
    type: ["object", "null"],
    additionalProperties: false,
    properties: {
      ...part,
      "max-waste": {
        description:
          "A run fails if more bytes are avoidable: a size, or a share of the content above the base such as 5%.",
        anyOf: [
          { $ref: "#/$defs/size" },
          { type: "string", pattern: "^\\s*(\\d{1,2}(\\.\\d+)?|100(\\.0+)?)\\s*%\\s*$" },
        ],
      },
      "min-waste": {
        $ref: "#/$defs/size",
        description: "A share given to max-waste is ignored below this many avoidable bytes; 1MB by default.",
      },
      builder: {
        enum: builderNames,
        description:
          "What builds the Dockerfiles; by default as the image or # syntax tells. Podman builds as buildah does.",
      },
      ignore: {
        anyOf: [glob, { type: ["array", "null"], items: glob }],
        description: "Dockerfiles to skip.",
      },
      overrides: {
        type: ["array", "null"],
        description: "Other settings for some files; later ones win.",
        items: {
          type: "object",
          required: ["files"],
          additionalProperties: false,
          properties: { files: { anyOf: [glob, { type: "array", items: glob, minItems: 1 }] }, ...part },
        },
      },
      plugins: {
        anyOf: [text, { type: ["array", "null"], items: text }],
        description:
          "Files (./rules.js, from the folder of this file) and packages with further rules. Only for a configuration that --config names: linting a checkout must not run its code.",
      },
      accept: {
        type: ["array", "null"],
        description: "Known and intended findings in images.",
        items: { $ref: "#/$defs/accept" },
      },
    },
    $defs: {
      glob: { type: "string", pattern: "^\\s*[^!\\s]" },
      size,
      level: { enum: ruleLevels },
      rules: {
        type: ["object", "null"],
        description: "By rule id, or the id of another linter for it.",
        additionalProperties: {
          description:
            "A rule of a plugin. layerlint itself checks the id and the options: an unknown rule is an error.",
          anyOf: [
            { $ref: "#/$defs/level" },
            { type: "object", properties: { severity: { $ref: "#/$defs/level" } } },
          ],
        },
        properties: Object.fromEntries(rules.flatMap(ruleProperties)),
      },
      ruleName: {
        anyOf: [
          { enum: rules.flatMap(({ id, aliases }) => [id, ...aliases]) },
          { ...text, description: "A rule of a plugin; layerlint itself checks the id." },
        ],
      },
      accept: {
        type: "object",
        required: ["rule", "path", "reason"],
        additionalProperties: false,
        properties: {
          rule: { $ref: "#/$defs/ruleName" },
          path: {
            $ref: "#/$defs/glob",
            description: 'A glob inside the image; "**" for all, also for findings without files.',
          },
          layer: {
            type: "integer",
            minimum: 0,
            description: "Only in this layer, counted from 0 as in reports.",
          },
          reason: text,
          until: {
            type: "string",
            format: "date",
            pattern: "^\\d{4}-\\d{2}-\\d{2}$",
            description: "The last day on which the entry applies.",
          },
        },
      },
    },
  };
}

function ruleProperties({ id, aliases, docs, options }: Rule): [string, Schema][] {
  const own = Object.entries(options ?? {}).map(([name, option]) => [name, optionSchema(option)]);
  const value = {
    description: docs.summary,
    anyOf: [
      { $ref: "#/$defs/level" },
      {
        type: "object",
        additionalProperties: false,
        properties: { severity: { $ref: "#/$defs/level" }, ...Object.fromEntries(own) },
      },
    ],
  };
  const alias = { $ref: `#/$defs/rules/properties/${id}` };
  return [[id, value], ...aliases.map((name): [string, Schema] => [name, alias])];
}

function optionSchema({ type, summary, ...option }: RuleOption): Schema {
  const described = { description: summary, default: option.default };
  if (type === "flag") return { type: "boolean", ...described };
  if (type === "size") return { $ref: "#/$defs/size", ...described };
  return { anyOf: [{ type: "string" }, { type: "array", items: { type: "string" } }], ...described };
}
