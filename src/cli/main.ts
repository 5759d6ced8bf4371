/** Parses the command line into a command and its options. */
import yargs, { type Argv } from "yargs";
import { Masker } from "../app/masker.ts";
import { version } from "../app/version.ts";
import { UserError } from "../errors.ts";
import {
  compareTable,
  explainTable,
  fixTable,
  inspectTable,
  lintTable,
  optimizeTable,
  rulesTable,
  tables,
} from "./command-options.ts";
import { explainCommand } from "./explain-command.ts";
import { inspectCommand } from "./inspect-command.ts";
import { lintCommand } from "./lint-command.ts";
import { withOptions } from "./option-table.ts";
import { rulesCommand } from "./rules-command.ts";
import { complaint, exitCodes, maskedStreams, type ExitCode, type Streams } from "./streams.ts";
import { forYargs, fromWord, targetsOf, valuesOf, type DefaultCommand } from "./yargs-input.ts";

const examples: readonly (readonly [command: string, text: string])[] = [
  ["$0 Dockerfile", "the Dockerfile alone: predictions"],
  ["$0 Dockerfile image.tar", "both: which line wastes how many bytes"],
  ["docker save app:1 | $0 -", "an image from a pipe"],
  ["$0 --max-waste 5% Dockerfile image.tar", "a gate for CI: exit 1 above 5 % avoidable"],
  ["$0 fix --diff Dockerfile", "preview the safe fixes"],
  ["$0 inspect image.tar", "the table of layers"],
  ["$0 optimize image.tar -o small.tar", "the same image without dead bytes"],
];

/** Runs the command. Returns the exit status; writes to the given streams only. */
export async function main(argv: readonly string[], outside: Streams): Promise<ExitCode> {
  const streams = maskedStreams(outside, new Masker());
  let job: (() => Promise<ExitCode>) | undefined;
  let printed = "";
  const input = forYargs(argv, grammar);
  const named = (command: DefaultCommand) =>
    input.defaultCommand === command ? [`${command} [targets..]`, "$0"] : `${command} [targets..]`;
  const parser = yargs()
    .scriptName("layerlint")
    .usage(
      "$0 [lint] <targets…>\n\nA target is a Dockerfile, a folder, an image archive, an OCI layout, or - for standard input.",
    )
    .command(
      named("lint"),
      "Find wasted bytes in Dockerfiles and images (the default)",
      (command) =>
        withOptions(withTargets(command), lintTable).epilogue(
          "A Dockerfile and its image given together are linked: findings name the line and the exact bytes.\n" +
            "Exit codes: 0 clean, 1 findings at or above --fail-on or a budget exceeded, 2 wrong usage or unreadable input.",
        ),
      (args) => {
        const given = { ...valuesOf(args, lintTable), targets: targetsOf(args, input) };
        job = () => lintCommand({ ...given, stdin: false }, streams);
      },
    )
    .command(
      named("fix"),
      "Apply the safe fixes to Dockerfiles, and report what is left",
      (command) =>
        withOptions(withTargets(command), fixTable).epilogue(
          "With the built image beside the Dockerfile, its layers decide what is worth fixing.\n" +
            "Exit codes: 0 nothing left at or above --fail-on, 1 something is left, 2 a file could not be read, parsed or written.",
        ),
      (args) => {
        const given = { ...valuesOf(args, fixTable), targets: targetsOf(args, input) };
        job = () => lintCommand({ ...given, fix: true }, streams);
      },
    )
    .command(
      named("inspect"),
      "Show the layers of an image: the instruction, the content and the dead bytes of each",
      (command) => withOptions(withTargets(command), inspectTable),
      (args) => {
        const given = { ...valuesOf(args, inspectTable), targets: targetsOf(args, input) };
        job = () => inspectCommand(given, streams);
      },
    )
    .command(
      "optimize [targets..]",
      "Write a smaller image that looks the same to a container, and prove it",
      (command) =>
        withOptions(
          withTargets(command, "An image, and optionally the Dockerfile that built it"),
          optimizeTable,
        ).epilogue(
          "Nothing that a container sees changes; this is proved before the output is put in place.\n" +
            "Exit codes: 0 written and proved (also when there was nothing to drop), 2 anything else.",
        ),
      (args) => {
        const given = { ...valuesOf(args, optimizeTable), targets: targetsOf(args, input) };
        job = async () => (await import("./optimize-command.ts")).optimizeCommand(given, streams);
      },
    )
    .command(
      "compare <before> <after>",
      "Show the differences between two images: visible files, configuration, size",
      (command) =>
        withOptions(
          command
            .positional("before", {
              type: "string",
              demandOption: true,
              describe: "An image, or - for standard input",
            })
            .positional("after", {
              type: "string",
              demandOption: true,
              describe: "The image to compare it with",
            }),
          compareTable,
        ).epilogue("Exit codes: 0 no difference, 1 the images differ, 2 wrong usage or unreadable input."),
      (args) => {
        const [before, after] = [fromWord(args.before), fromWord(args.after)];
        const given = { ...valuesOf(args, compareTable), before, after };
        job = async () => (await import("./compare-command.ts")).compareCommand(given, streams);
      },
    )
    .command(
      "init",
      "Write a configuration template to .layerlint.yaml",
      (command) => command,
      () => {
        job = async () => (await import("./init-command.ts")).initCommand(streams);
      },
    )
    .command(
      "explain <rule>",
      "Explain a rule, with examples",
      (command) =>
        withOptions(command.positional("rule", { type: "string", demandOption: true }), explainTable),
      (args) => {
        job = () => explainCommand(args.rule, valuesOf(args, explainTable), streams);
      },
    )
    .command(
      "rules",
      "List the rules",
      (command) => withOptions(command, rulesTable),
      (args) => {
        job = () => rulesCommand(valuesOf(args, rulesTable), streams);
      },
    )
    .strictOptions()
    .recommendCommands()
    .detectLocale(false)
    .parserConfiguration({
      "duplicate-arguments-array": true,
      "greedy-arrays": false,
      "boolean-negation": false,
    })
    .wrap(Math.min(100, streams.stdout.columns ?? 100))
    .help()
    .alias("help", "h")
    .version(version)
    .alias("version", "V")
    .exitProcess(false)
    .fail((message, error) => {
      // errors that yargs throws concern the command line too
      if (error !== undefined && error.name !== "YError") throw error;
      const text = error?.message ?? message;
      const command = input.command === undefined ? "" : `${input.command} `;
      throw new UserError(`${text.trim().replace(/\s*\n\s*/g, " ")}; see layerlint ${command}--help`);
    });
  for (const [command, text] of examples) parser.example(command, text);
  try {
    await parser.parseAsync(input.words, {}, (_error: unknown, _args: unknown, output: string) => {
      printed += output;
    });
    if (printed !== "") streams.stdout.write(`${printed}\n`);
    return job === undefined ? exitCodes.clean : await job();
  } catch (error) {
    if (streams.signal.aborted) return exitCodes.trouble;
    streams.stderr.write(
      error instanceof UserError ? complaint(error.message) : `layerlint: ${bugReport(error)}\n`,
    );
    return exitCodes.trouble;
  }
}

const grammar = {
  commands: new Set(["lint", "fix", "inspect", "optimize", "compare", "init", "explain", "rules"]),
  flags: new Set(
    tables.flatMap((table) =>
      Object.entries(table).flatMap(([name, { kind }]) => (kind === "flag" ? [name] : [])),
    ),
  ),
};

function withTargets<T>(
  command: Argv<T>,
  describe = "Dockerfiles, folders, image archives, OCI layouts, or - for standard input",
) {
  return command.positional("targets", { type: "string", array: true, default: [] as string[], describe });
}

function bugReport(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `this is a bug in layerlint; please report it with the command you ran:\n${stack}`;
}
