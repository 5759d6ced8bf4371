/** The options of each command. */
import {
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
    describe: "Read images beyond 10 million entries, and layers that inflate beyond 1000-fold and 16 GiB",
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

/** What a command prints that has no lines of its own for findings. */
const tableFormat = {
  format: {
    kind: "choice",
    choices: ["pretty", "json"],
    default: "pretty",
    describe: "What to print",
    group: "Output:",
  },
} as const satisfies OptionTable;

/** Of every command that reads Dockerfiles and images alike. */
const targets = {
  ...allowHuge,
  ...color,
  platform: {
    kind: "text",
    describe: "Which platform of a multi-platform image, as os/arch[/variant]",
    group: "Image:",
  },
  tag: { kind: "text", describe: "Which image of an archive that holds several", group: "Image:" },
  base: {
    kind: "text",
    describe: "The base image: a number of layers, or an image file that the FROM names",
    group: "Image:",
  },
  target: {
    kind: "text",
    describe: "The stage that was built, by name or number (default: the last)",
    group: "Image:",
  },
  context: {
    kind: "text",
    describe: "The folder that the build is given (default: the Dockerfile's)",
    group: "Dockerfile:",
  },
  verify: {
    kind: "flag",
    describe: "Check the digest of every blob and every layer's diff ID",
    group: "Image:",
  },
  all: {
    kind: "flag",
    describe: "List every dead file in the JSON report, not only the largest 100",
    group: "Output:",
  },
  config: {
    kind: "text",
    needsValue: true,
    describe: "This configuration instead of the nearest .layerlint.yaml above each file",
    group: "Rules:",
  },
  "no-config": { kind: "flag", describe: "No configuration", group: "Rules:" },
  preset: {
    kind: "choice",
    choices: presets,
    describe: "Which rules run: default (what matters on a first run) or strict (all)",
    group: "Rules:",
    config: "preset",
  },
  only: {
    kind: "list",
    describe: "Run only these rules (ids or aliases, comma-separated)",
    group: "Rules:",
  },
  skip: { kind: "list", describe: "Leave these rules out", group: "Rules:" },
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
    describe: "What to print: for people, the JSON report, annotations of GitHub, or a line for each finding",
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
      "Exit 1 when more content is avoidable: a size (10MB, 1.5GiB) or a share of the content above the base (5%)",
    group: "Gate:",
    config: "max-waste",
  },
  "min-waste": {
    kind: "text",
    describe: "Below this a share given to --max-waste is never exceeded (default: 1MB)",
    group: "Gate:",
    config: "min-waste",
  },
  "no-fail": { kind: "flag", describe: "Only look: exit 0 whatever is found", group: "Gate:" },
} as const satisfies OptionTable;

const fixing = {
  unsafe: {
    kind: "flag",
    describe: "Apply also the fixes that may change what the image does; each says why",
    group: "Fixing:",
  },
  diff: {
    kind: "flag",
    describe: "Print what would change as a unified diff, and change nothing",
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
    describe: "Apply safe fixes to the Dockerfiles first, as layerlint fix does",
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
    describe: "Read a Dockerfile from standard input and print it fixed, for editors",
    group: "Fixing:",
  },
} as const satisfies OptionTable;

export const inspectTable = { ...targets, ...tableFormat } as const satisfies OptionTable;

export const optimizeTable = {
  output: {
    kind: "text",
    alias: "o",
    describe: "Where the new image goes: a name that does not exist, or an empty folder",
    group: "Output:",
  },
  to: {
    kind: "choice",
    choices: outputForms,
    describe: "Its form (default: that of the input; a name without .tar is an OCI layout)",
    group: "Output:",
  },
  "dry-run": { kind: "flag", describe: "Say what would be done, and write nothing", group: "Output:" },
  explain: {
    kind: "flag",
    describe: "Say more of each layer: what was done, or why not",
    group: "Output:",
  },
  proof: { kind: "text", describe: "Write the proof to this file, as JSON", group: "Output:" },
  drop: {
    kind: "choice",
    choices: ["identical"],
    describe: "Drop also what rewrites the same file, content and attributes alike",
    group: "Operations:",
  },
  prune: {
    kind: "list",
    describe:
      "Remove what leftover-cache proves, and list it: caches, logs. Containers no longer see these files",
    group: "Operations:",
  },
  recompress: {
    kind: "text",
    describe: "Store layers as gzip[:0-9], zstd[:1-22] or none; diff IDs and image ID stay",
    group: "Operations:",
  },
  "recompress-base": { kind: "flag", describe: "Those of the base, too", group: "Operations:" },
  squash: {
    kind: "text",
    describe:
      "Merge neighbouring layers: auto (where later pulls are not larger for it), above-base, all, or numbers: 3-5",
    group: "Operations:",
  },
  repair: {
    kind: "flag",
    describe: "Replace markers that runtimes misread, also in layers with nothing to drop",
    group: "Operations:",
  },
  platform: {
    kind: "text",
    describe: "Which platform of a multi-platform image, as os/arch[/variant], or all of them: all",
    group: "Image:",
  },
  tag: { kind: "text", describe: "Which image of an archive that holds several", group: "Image:" },
  base: {
    kind: "text",
    describe:
      "The base image, which stays as it is: a number of layers (0: none), or an image file that the FROM names",
    group: "Image:",
  },
  with: {
    kind: "list",
    describe: "Another image whose layers are shared with this one: they stay as they are",
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
    describe: "What may differ: time, owner, mode, xattr, links, content, config, logs, caches, or /a/path",
  },
  platform: { kind: "text", group: "Image:", describe: "Which platform, as os/arch[/variant]" },
  tag: {
    kind: "list",
    describe: "Which image of an archive that holds several; given twice: of the one, then of the other",
    group: "Image:",
  },
  ...allowHuge,
  ...color,
  ...tableFormat,
} as const satisfies OptionTable;

export const rulesTable = {
  format: { kind: "choice", choices: ["pretty", "json"], default: "pretty", describe: "What to print" },
} as const satisfies OptionTable;

/** Those of all commands; of two with the same name, either has a value or none has. */
export const tables: readonly OptionTable[] = [
  lintTable,
  fixTable,
  inspectTable,
  optimizeTable,
  compareTable,
  rulesTable,
];

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

/** What the use cases are told of how targets are read and judged. */
export function targetOptions(args: InspectArguments | LintArguments): TargetOptions {
  const { platform, tag, base, target, context, verify, allowHuge: huge, all, preset, noConfig } = args;
  if (args.config !== undefined && noConfig)
    throw new UserError("--config and --no-config exclude each other");
  return {
    platform,
    tag,
    base,
    target,
    context,
    verify,
    allowHuge: huge,
    all,
    config: noConfig ? false : args.config,
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
