import type { Argv } from "yargs";
import { type Preset, type Severity, presets } from "../rule/contract.ts";

export const formats = ["pretty", "json", "github", "gnu"] as const;
export type Format = (typeof formats)[number];

/** Options that every command with targets has. */
export function targetOptions<T>(yargs: Argv<T>) {
  return colorOption(hugeOption(yargs))
    .option("platform", {
      type: "string",
      describe: "Select a platform of a multi-platform image: os/arch[/variant]",
      group: "Image:",
    })
    .option("tag", {
      type: "string",
      describe: "Select an image of an archive with several",
      group: "Image:",
    })
    .option("base", {
      type: "string",
      describe: "The base image: a number of layers, or the file of the image that FROM names",
      group: "Image:",
    })
    .option("target", {
      type: "string",
      describe: "The stage that was built, by name or number (default: the last)",
      group: "Image:",
    })
    .option("context", {
      type: "string",
      describe: "The build context (default: the folder of the Dockerfile)",
      group: "Dockerfile:",
    })
    .option("verify", {
      type: "boolean",
      default: false,
      describe: "Check the digest of every blob and every layer's diff ID",
      group: "Image:",
    })
    .option("all", {
      type: "boolean",
      default: false,
      describe: "List every dead file in the JSON report, not only the largest 100",
      group: "Output:",
    })
    .option("config", {
      type: "string",
      requiresArg: true,
      describe: "Use this configuration instead of the nearest .layerlint.yaml above each file",
      group: "Rules:",
    })
    .option("no-config", {
      type: "boolean",
      default: false,
      describe: "Use no configuration",
      group: "Rules:",
    })
    .option("preset", {
      choices: presets,
      describe: "The rules to run: default (what matters on a first run) or strict (all)",
      group: "Rules:",
    })
    .option("only", {
      type: "string",
      array: true,
      nargs: 1,
      default: [] as string[],
      describe: "Run only these rules (ids or aliases, comma-separated)",
      group: "Rules:",
    })
    .option("skip", {
      type: "string",
      array: true,
      nargs: 1,
      default: [] as string[],
      describe: "Do not run these rules",
      group: "Rules:",
    })
    .option("severity", {
      type: "string",
      array: true,
      nargs: 1,
      default: [] as string[],
      describe: "Change a rule's severity: rule=error|warning|info|off",
      group: "Rules:",
    });
}

/** What a command prints that has no lines of its own for findings. */
export function tableOptions<T>(yargs: Argv<T>) {
  return yargs.option("format", {
    choices: ["pretty", "json"] as const,
    default: "pretty" as const,
    describe: "The output format",
    group: "Output:",
  });
}

export function colorOption<T>(yargs: Argv<T>) {
  return yargs.option("color", {
    choices: ["auto", "always", "never"] as const,
    default: "auto" as const,
    describe: "Colours (auto: on a terminal; NO_COLOR is honoured)",
    group: "Output:",
  });
}

export function hugeOption<T>(yargs: Argv<T>) {
  return yargs.option("allow-huge", {
    type: "boolean",
    default: false,
    describe:
      "Accept images with more than 10 million entries, and layers that inflate more than 1000-fold and beyond 16 GiB",
    group: "Image:",
  });
}

/** What `lint` prints. */
export function reportOptions<T>(yargs: Argv<T>) {
  return yargs.option("format", {
    choices: formats,
    default: "pretty" as const,
    describe: "The output format: for people, JSON, GitHub annotations, or a line for each finding",
    group: "Output:",
  });
}

/** What makes `lint` exit 1. */
export function gateOptions<T>(yargs: Argv<T>) {
  return yargs
    .option("fail-on", {
      choices: ["error", "warning", "info", "never"] as const,
      describe: "Exit 1 when a finding is at least this severe (default: warning)",
      group: "Gate:",
    })
    .option("max-waste", {
      type: "string",
      describe:
        "Exit 1 when more bytes are avoidable: a size (10MB, 1.5GiB) or a share of the content above the base (5%)",
      group: "Gate:",
    })
    .option("min-waste", {
      type: "string",
      describe: "Ignore a share given to --max-waste below this many avoidable bytes (default: 1MB)",
      group: "Gate:",
    })
    .option("no-fail", {
      type: "boolean",
      default: false,
      describe: "Report only: findings and budgets never cause exit 1",
      group: "Gate:",
    });
}

/** What `fix` has, and `lint` beside `--fix`. */
export function fixOptions<T>(yargs: Argv<T>) {
  return yargs
    .option("unsafe", {
      type: "boolean",
      default: false,
      describe: "Also apply fixes that may change what the image does; each says why",
      group: "Fixing:",
    })
    .option("diff", {
      type: "boolean",
      default: false,
      describe: "Print the changes as a unified diff, and write nothing",
      group: "Fixing:",
    });
}

export interface FixArguments {
  readonly unsafe: boolean;
  readonly diff: boolean;
}

export interface TargetArguments {
  readonly targets: readonly string[];
  readonly platform: string | undefined;
  readonly tag: string | undefined;
  readonly base: string | undefined;
  readonly target: string | undefined;
  readonly context: string | undefined;
  readonly verify: boolean;
  readonly allowHuge: boolean;
  readonly all: boolean;
  readonly color: "auto" | "always" | "never";
  readonly config: string | undefined;
  readonly noConfig: boolean;
  readonly preset: Preset | undefined;
  readonly only: readonly string[];
  readonly skip: readonly string[];
  readonly severity: readonly string[];
}

export interface GateArguments {
  readonly failOn: Severity | "never" | undefined;
  readonly maxWaste: string | undefined;
  readonly minWaste: string | undefined;
}

/** `--only a,b --only c` → a, b, c. */
export function splitList(values: readonly string[]): string[] {
  return values
    .flatMap((value) => value.split(","))
    .map((value) => value.trim())
    .filter((value) => value !== "");
}
