import type { Argv } from "yargs";
import { colorOption, hugeOption, tableOptions } from "./options.ts";

/** What `compare` takes. */
export function compareOptions<T>(yargs: Argv<T>) {
  const own = yargs
    .positional("before", {
      type: "string",
      demandOption: true,
      describe: "An image, or - for standard input",
    })
    .positional("after", { type: "string", demandOption: true, describe: "Another one" })
    .option("ignore", {
      type: "string",
      group: "Comparison:",
      array: true,
      nargs: 1,
      default: [] as string[],
      describe: "What may differ: time, owner, mode, xattr, links, content, config, logs, caches, or /a/path",
    })
    .option("platform", { type: "string", group: "Image:", describe: "Which platform, as os/arch[/variant]" })
    .option("tag", {
      type: "string",
      array: true,
      nargs: 1,
      default: [] as string[],
      describe: "Which image of an archive that holds several; given twice: of the one, then of the other",
      group: "Image:",
    });
  return tableOptions(colorOption(hugeOption(own))).epilogue(
    "Exit codes: 0 the same to a container, 1 they differ, 2 wrong usage or unreadable input.",
  );
}

export interface CompareArguments {
  readonly before: string;
  readonly after: string;
  readonly ignore: readonly string[];
  readonly platform: string | undefined;
  readonly tag: readonly string[];
  readonly allowHuge: boolean;
  readonly format: "pretty" | "json";
  readonly color: "auto" | "always" | "never";
}
