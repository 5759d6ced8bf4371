import type { Argv } from "yargs";
import { colorOption, hugeOption, tableOptions } from "./options.ts";

const forms = ["docker-archive", "oci", "oci-archive", "hybrid"] as const;

/** What `optimize` takes. */
export function optimizeOptions<T>(yargs: Argv<T>) {
  const own = yargs
    .option("output", {
      alias: "o",
      type: "string",
      describe: "The output: a name that does not exist, or an empty folder",
      group: "Output:",
    })
    .option("to", {
      choices: forms,
      describe: "The output format (default: that of the input, or an OCI layout for a name without .tar)",
      group: "Output:",
    })
    .option("dry-run", {
      type: "boolean",
      default: false,
      describe: "Print what would be done, and write nothing",
      group: "Output:",
    })
    .option("explain", {
      type: "boolean",
      default: false,
      describe: "Print details for each layer: what was done, or why not",
      group: "Output:",
    })
    .option("proof", { type: "string", describe: "Write the proof to this file, as JSON", group: "Output:" })
    .option("drop", {
      choices: ["identical"] as const,
      describe: "Also drop copies of a file that is already there with the same content and attributes",
      group: "Operations:",
    })
    .option("prune", {
      type: "string",
      array: true,
      nargs: 1,
      default: [] as string[],
      describe:
        "Remove and list the files that leftover-cache proves: caches, logs. Containers no longer see them",
      group: "Operations:",
    })
    .option("recompress", {
      type: "string",
      describe: "Compress layers with gzip[:0-9], zstd[:1-22] or none; diff IDs and image ID stay",
      group: "Operations:",
    })
    .option("recompress-base", {
      type: "boolean",
      default: false,
      describe: "Recompress the layers of the base too",
      group: "Operations:",
    })
    .option("squash", {
      type: "string",
      describe:
        "Merge neighbouring layers: auto (if no later pull gets larger), above-base, all, or numbers: 3-5",
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
      describe: "Select a platform of a multi-platform image: os/arch[/variant], or all",
      group: "Image:",
    })
    .option("tag", {
      type: "string",
      describe: "Select an image of an archive with several",
      group: "Image:",
    })
    .option("base", {
      type: "string",
      describe:
        "The base image, which stays as it is: a number of layers (0: none), or the file of the image that FROM names",
      group: "Image:",
    })
    .option("with", {
      type: "string",
      array: true,
      nargs: 1,
      default: [] as string[],
      describe: "Another image that shares layers with this one: they stay as they are",
      group: "Image:",
    })
    .option("target", {
      type: "string",
      describe: "The stage of the Dockerfile that was built (default: the last)",
      group: "Image:",
    });
  return tableOptions(colorOption(hugeOption(own))).epilogue(
    "Nothing that a container sees changes; this is proved before the output is put in place.\n" +
      "Exit codes: 0 written and proved (also when there was nothing to drop), 2 anything else.",
  );
}

export interface OptimizeArguments {
  readonly targets: readonly string[];
  readonly output: string | undefined;
  readonly to: (typeof forms)[number] | undefined;
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
