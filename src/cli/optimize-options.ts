import type { Argv } from "yargs";
import { outputForms, type OutputForm } from "../image/forms.ts";
import { colorOption, hugeOption, tableOptions } from "./options.ts";

/** What `optimize` takes. */
export function optimizeOptions<T>(yargs: Argv<T>) {
  const own = yargs
    .option("output", {
      alias: "o",
      type: "string",
      describe: "Where the new image goes: a name that does not exist, or an empty folder",
      group: "Output:",
    })
    .option("to", {
      choices: outputForms,
      describe: "Its form (default: that of the input; a name without .tar is an OCI layout)",
      group: "Output:",
    })
    .option("dry-run", {
      type: "boolean",
      default: false,
      describe: "Say what would be done, and write nothing",
      group: "Output:",
    })
    .option("explain", {
      type: "boolean",
      default: false,
      describe: "Say more of each layer: what was done, or why not",
      group: "Output:",
    })
    .option("proof", { type: "string", describe: "Write the proof to this file, as JSON", group: "Output:" })
    .option("drop", {
      choices: ["identical"] as const,
      describe: "Drop also what rewrites the same file, content and attributes alike",
      group: "Operations:",
    })
    .option("prune", {
      type: "string",
      array: true,
      nargs: 1,
      default: [] as string[],
      describe:
        "Remove what leftover-cache proves, and list it: caches, logs. Containers no longer see these files",
      group: "Operations:",
    })
    .option("recompress", {
      type: "string",
      describe: "Store layers as gzip[:0-9], zstd[:1-22] or none; diff IDs and image ID stay",
      group: "Operations:",
    })
    .option("recompress-base", {
      type: "boolean",
      default: false,
      describe: "Those of the base, too",
      group: "Operations:",
    })
    .option("squash", {
      type: "string",
      describe:
        "Merge neighbouring layers: auto (where later pulls are not larger for it), above-base, all, or numbers: 3-5",
      group: "Operations:",
    })
    .option("repair", {
      type: "boolean",
      default: false,
      describe: "Replace markers that runtimes misread, also in layers with nothing to drop",
      group: "Operations:",
    })
    .option("platform", {
      type: "string",
      describe: "Which platform of a multi-platform image, as os/arch[/variant], or all of them: all",
      group: "Image:",
    })
    .option("tag", {
      type: "string",
      describe: "Which image of an archive that holds several",
      group: "Image:",
    })
    .option("base", {
      type: "string",
      describe:
        "The base image, which stays as it is: a number of layers (0: none), or an image file that the FROM names",
      group: "Image:",
    })
    .option("with", {
      type: "string",
      array: true,
      nargs: 1,
      default: [] as string[],
      describe: "Another image whose layers are shared with this one: they stay as they are",
      group: "Image:",
    })
    .option("target", {
      type: "string",
      describe: "The stage of the Dockerfile that was built (default: the last)",
      group: "Image:",
    });
  return tableOptions(colorOption(hugeOption(own))).epilogue(
    "Nothing that a container sees changes, and that is proved before the output is put in its place.\n" +
      "Exit codes: 0 written and proved (also when there was nothing to drop), 2 anything else.",
  );
}

export interface OptimizeArguments {
  readonly targets: readonly string[];
  readonly output: string | undefined;
  readonly to: OutputForm | undefined;
  readonly dryRun: boolean;
  readonly explain: boolean;
  readonly proof: string | undefined;
  readonly repair: boolean;
  readonly drop: "identical" | undefined;
  readonly prune: readonly string[];
  readonly squash: string | undefined;
  readonly with: readonly string[];
  readonly recompress: string | undefined;
  readonly recompressBase: boolean;
  readonly platform: string | undefined;
  readonly tag: string | undefined;
  readonly base: string | undefined;
  readonly target: string | undefined;
  readonly allowHuge: boolean;
  readonly format: "pretty" | "json";
  readonly color: "auto" | "always" | "never";
}
