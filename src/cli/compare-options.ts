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
    .positional("after", { type: "string", demandOption: true, describe: "The image to compare it with" })
    .option("ignore", {
      type: "string",
      group: "Comparison:",
      array: true,
      nargs: 1,
      default: [] as string[],
      describe:
        "Differences to ignore: time, owner, mode, xattr, links, content, config, logs, caches, or /a/path",
    })
    .option("platform", { type: "string", group: "Image:", describe: "Select a platform: os/arch[/variant]" })
    .option("tag", {
      type: "string",
      array: true,
      nargs: 1,
      default: [] as string[],
      describe: "Select an image of an archive with several; given twice, for the first and the second image",
      group: "Image:",
    });
  return tableOptions(colorOption(hugeOption(own))).epilogue(
    "Exit codes: 0 no difference, 1 the images differ, 2 wrong usage or unreadable input.",
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
