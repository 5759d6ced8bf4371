/** The options of each command. */
import {
  builderNames,
  failLevels,
  outputForms,
  presets,
  splitList,
  type ComparisonOptions,
  type RewriteOptions,
  type TargetOptions,
} from "../app/options.ts";
import { UserError } from "../errors.ts";
import type { OptionTable, ValuesOf } from "./option-table.ts";

const allowHuge = {
  "allow-huge": {
    kind: "flag",
    describe:
      "Accept images with more than 10 million entries, and layers that inflate more than 1000-fold and beyond 16 GiB",
    group: "Image:",
  },
} as const satisfies OptionTable;

const color = {
  color: {
    kind: "choice",
    choices: ["auto", "always", "never"],
    default: "auto",
    describe: "Colours (auto: on a terminal; NO_COLOR is honoured)",
    group: "Output:",
  },
} as const satisfies OptionTable;

/** The `--format` option of commands that print a table. */
const tableFormat = {
  format: {
    kind: "choice",
    choices: ["pretty", "json"],
    default: "pretty",
    describe: "The output format",
    group: "Output:",
  },
} as const satisfies OptionTable;

const plugin = {
  plugin: {
    kind: "list",
    describe: "Load further rules from a file (./rules.js) or package; it is code that runs",
    group: "Rules:",
    config: "plugins",
  },
} as const satisfies OptionTable;

/** The options of commands that read both Dockerfiles and images. */
const targets = {
  ...allowHuge,
  ...color,
  platform: {
    kind: "text",
    describe: "Select a platform of a multi-platform image: os/arch[/variant]",
    group: "Image:",
  },
  tag: { kind: "text", describe: "Select an image of an archive with several", group: "Image:" },
  base: {
    kind: "text",
    describe: "The base image: a number of layers, or the file of the image that FROM names",
    group: "Image:",
  },
  target: {
    kind: "text",
    describe: "The stage that was built, by name or number (default: the last)",
    group: "Image:",
  },
  builder: {
    kind: "choice",
    choices: builderNames,
    describe:
      "What builds the Dockerfile; Podman builds as buildah does (default: as the image or # syntax tells)",
    group: "Dockerfile:",
    config: "builder",
  },
  context: {
    kind: "text",
    describe: "The build context (default: the folder of the Dockerfile)",
    group: "Dockerfile:",
  },
  verify: {
    kind: "flag",
    describe: "Check the digest of every blob and every layer's diff ID",
    group: "Image:",
  },
  all: {
    kind: "flag",
    describe:
      "List every dead file in the JSON report, not only the largest 100, and each small finding in the text",
    group: "Output:",
  },
  config: {
    kind: "text",
    needsValue: true,
    describe: "Use this configuration instead of the nearest .layerlint.yaml above each file",
    group: "Rules:",
  },
  ...plugin,
  "no-config": { kind: "flag", describe: "Use no configuration", group: "Rules:" },
  preset: {
    kind: "choice",
    choices: presets,
    describe: "The rules to run: default (what matters on a first run) or strict (all)",
    group: "Rules:",
    config: "preset",
  },
  only: {
    kind: "list",
    describe: "Run only these rules (ids or aliases, comma-separated)",
    group: "Rules:",
  },
  skip: { kind: "list", describe: "Do not run these rules", group: "Rules:" },
  severity: {
    kind: "list",
    describe: "Change a rule's severity: rule=error|warning|info|off",
    group: "Rules:",
    config: "rules",
  },
} as const satisfies OptionTable;

const reportFormat = {
  format: {
    kind: "choice",
    choices: ["pretty", "json", "github", "gnu"],
    default: "pretty",
    describe: "The output format: for people, JSON, GitHub annotations, or a line for each finding",
    group: "Output:",
  },
} as const satisfies OptionTable;

const gate = {
  "fail-on": {
    kind: "choice",
    choices: failLevels,
    describe: "Exit 1 when a finding is at least this severe (default: warning)",
    group: "Gate:",
    config: "fail-on",
  },
  "max-waste": {
    kind: "text",
    describe:
      "Exit 1 when more bytes are avoidable: a size (10MB, 1.5GiB) or a share of the content above the base (5%)",
    group: "Gate:",
    config: "max-waste",
  },
  "min-waste": {
    kind: "text",
    describe: "Ignore a share given to --max-waste below this many avoidable bytes (default: 1MB)",
    group: "Gate:",
    config: "min-waste",
  },
  "no-fail": {
    kind: "flag",
    describe: "Report only: findings and budgets never cause exit 1",
    group: "Gate:",
  },
} as const satisfies OptionTable;

const fixing = {
  unsafe: {
    kind: "flag",
    describe: "Also apply fixes that may change what the image does; each says why",
    group: "Fixing:",
  },
  diff: {
    kind: "flag",
    describe: "Print the changes as a unified diff, and write nothing",
    group: "Fixing:",
  },
} as const satisfies OptionTable;

export const lintTable = {
  ...targets,
  ...reportFormat,
  ...gate,
  ...fixing,
  fix: {
    kind: "flag",
    describe: "Apply the safe fixes to the Dockerfiles first, like layerlint fix",
    group: "Fixing:",
  },
} as const satisfies OptionTable;

export const fixTable = {
  ...targets,
  ...reportFormat,
  ...gate,
  ...fixing,
  stdin: {
    kind: "flag",
    describe: "Read a Dockerfile from standard input and print it fixed (for editors)",
    group: "Fixing:",
  },
} as const satisfies OptionTable;

export const inspectTable = { ...targets, ...tableFormat } as const satisfies OptionTable;

export const optimizeTable = {
  output: {
    kind: "text",
    alias: "o",
    describe: "The output: a name that does not exist, or an empty folder",
    group: "Output:",
  },
  to: {
    kind: "choice",
    choices: outputForms,
    describe: "The output format (default: that of the input, or an OCI layout for a name without .tar)",
    group: "Output:",
  },
  "dry-run": { kind: "flag", describe: "Print what would be done, and write nothing", group: "Output:" },
  explain: {
    kind: "flag",
    describe: "Print details for each layer: what was done, or why not",
    group: "Output:",
  },
  proof: { kind: "text", describe: "Write the proof to this file, as JSON", group: "Output:" },
  drop: {
    kind: "choice",
    choices: ["identical"],
    describe: "Also drop copies of a file that is already there with the same content and attributes",
    group: "Operations:",
  },
  prune: {
    kind: "list",
    describe:
      "Remove and list the files that leftover-cache proves: caches, logs. Containers no longer see them",
    group: "Operations:",
  },
  recompress: {
    kind: "text",
    describe: "Compress layers with gzip[:0-9], zstd[:1-22] or none; diff IDs and image ID stay",
    group: "Operations:",
  },
  "recompress-base": {
    kind: "flag",
    describe: "Recompress the layers of the base too",
    group: "Operations:",
  },
  squash: {
    kind: "text",
    describe:
      "Merge neighbouring layers: auto (if no later pull gets larger), above-base, all, or numbers: 3-5",
    group: "Operations:",
  },
  repair: {
    kind: "flag",
    describe: "Replace markers that runtimes misread, also in layers with nothing to drop",
    group: "Operations:",
  },
  platform: {
    kind: "text",
    describe: "Select a platform of a multi-platform image: os/arch[/variant], or all",
    group: "Image:",
  },
  tag: { kind: "text", describe: "Select an image of an archive with several", group: "Image:" },
  base: {
    kind: "text",
    describe:
      "The base image, which stays as it is: a number of layers (0: none), or the file of the image that FROM names",
    group: "Image:",
  },
  with: {
    kind: "list",
    describe: "Another image that shares layers with this one: they stay as they are",
    group: "Image:",
  },
  target: {
    kind: "text",
    describe: "The stage of the Dockerfile that was built (default: the last)",
    group: "Image:",
  },
  ...allowHuge,
  ...color,
  ...tableFormat,
} as const satisfies OptionTable;

export const compareTable = {
  ignore: {
    kind: "list",
    group: "Comparison:",
    describe:
      "Differences to ignore: time, owner, mode, xattr, links, content, config, logs, caches, or /a/path",
  },
  platform: { kind: "text", group: "Image:", describe: "Select a platform: os/arch[/variant]" },
  tag: {
    kind: "list",
    describe: "Select an image of an archive with several; given twice, for the first and the second image",
    group: "Image:",
  },
  ...allowHuge,
  ...color,
  ...tableFormat,
} as const satisfies OptionTable;

const ruleSources = {
  ...plugin,
  config: {
    kind: "text",
    needsValue: true,
    describe: "Load the plugins that this configuration names",
    group: "Rules:",
  },
} as const satisfies OptionTable;

export const explainTable = { ...ruleSources } as const satisfies OptionTable;

export const rulesTable = {
  ...ruleSources,
  format: { kind: "choice", choices: ["pretty", "json"], default: "pretty", describe: "The output format" },
} as const satisfies OptionTable;

/** The tables of all commands. Options of the same name must agree on whether they take a value. */
export const tables: readonly OptionTable[] = [
  lintTable,
  fixTable,
  inspectTable,
  optimizeTable,
  compareTable,
  explainTable,
  rulesTable,
];

export type RulesArguments = ValuesOf<typeof rulesTable>;
export type ExplainArguments = ValuesOf<typeof explainTable>;

interface WithTargets {
  readonly targets: readonly string[];
}

export type InspectArguments = ValuesOf<typeof inspectTable> & WithTargets;
export type LintArguments = ValuesOf<typeof lintTable> & ValuesOf<typeof fixTable> & WithTargets;
export type OptimizeArguments = ValuesOf<typeof optimizeTable> & WithTargets;
export type CompareArguments = ValuesOf<typeof compareTable> & {
  readonly before: string;
  readonly after: string;
};

/** Converts arguments into the target options of the use cases. */
export function targetOptions(args: InspectArguments | LintArguments): TargetOptions {
  const { platform, tag, base, target, builder, context, verify } = args;
  const { allowHuge: huge, all, preset, noConfig } = args;
  if (args.config !== undefined && noConfig)
    throw new UserError("--config and --no-config exclude each other");
  return {
    platform,
    tag,
    base,
    target,
    builder,
    context,
    verify,
    allowHuge: huge,
    all,
    config: noConfig ? false : args.config,
    plugins: args.plugin,
    preset,
    only: splitList(args.only),
    skip: splitList(args.skip),
    severity: splitList(args.severity),
    ...("failOn" in args ? { failOn: args.failOn, maxWaste: args.maxWaste, minWaste: args.minWaste } : {}),
  };
}

export function rewriteOptions(args: OptimizeArguments): RewriteOptions {
  const { targets: _targets, format: _format, color: _color, explain: _explain, ...options } = args;
  return options;
}

export function comparisonOptions(args: CompareArguments): ComparisonOptions {
  const { platform, allowHuge: huge, tag, ignore } = args;
  return { platform, allowHuge: huge, tag, ignore: splitList(ignore) };
}
