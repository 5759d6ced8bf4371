import type { Argv } from "yargs";

/** What `compare` takes. */
export function compareOptions<T>(yargs: Argv<T>) {
  return yargs
    .positional("before", {
      type: "string",
      demandOption: true,
      describe: "An image, or - for standard input",
    })
    .positional("after", { type: "string", demandOption: true, describe: "Another one" })
    .option("ignore", {
      type: "string",
      array: true,
      nargs: 1,
      default: [] as string[],
      describe: "What may differ: time, owner, mode, xattr, links, content, config, logs, caches, or /a/path",
    })
    .option("platform", { type: "string", describe: "Which platform, as os/arch[/variant]" })
    .option("tag", { type: "string", describe: "Which image of an archive that holds several" })
    .option("allow-huge", {
      type: "boolean",
      default: false,
      describe: "Read images beyond the usual limits",
    })
    .option("format", {
      choices: ["pretty", "json"] as const,
      default: "pretty" as const,
      describe: "What to print",
    })
    .option("color", {
      choices: ["auto", "always", "never"] as const,
      default: "auto" as const,
      describe: "Colours (auto: on a terminal; NO_COLOR is honoured)",
    })
    .epilogue("Exit codes: 0 the same to a container, 1 they differ, 2 wrong usage or unreadable input.");
}

export interface CompareArguments {
  readonly before: string;
  readonly after: string;
  readonly ignore: readonly string[];
  readonly platform: string | undefined;
  readonly tag: string | undefined;
  readonly allowHuge: boolean;
  readonly format: "pretty" | "json";
  readonly color: "auto" | "always" | "never";
}
