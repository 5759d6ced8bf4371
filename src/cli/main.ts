import yargs, { type Argv } from "yargs";
import { UserError } from "../errors.ts";
import { compareOptions } from "./compare-options.ts";
import { explain } from "./explain.ts";
import { inspect } from "./inspect.ts";
import { lint } from "./lint.ts";
import { optimizeOptions } from "./optimize-options.ts";
import { fixOptions, gateOptions, reportOptions, tableOptions, targetOptions } from "./options.ts";
import { listRules } from "./rules.ts";
import { complaint, exitCodes, type ExitCode, type Streams } from "./streams.ts";
import { version } from "./version.ts";

const examples: readonly (readonly [command: string, text: string])[] = [
  ["$0 Dockerfile", "the Dockerfile alone: predictions"],
  ["$0 Dockerfile image.tar", "both: which line wastes how many bytes"],
  ["docker save app:1 | $0 -", "an image from a pipe"],
  ["$0 --max-waste 5% Dockerfile image.tar", "a gate for CI: exit 1 above 5 % avoidable"],
  ["$0 fix --diff Dockerfile", "preview the safe fixes"],
  ["$0 inspect image.tar", "the table of layers"],
  ["$0 optimize image.tar -o small.tar", "the same image without dead bytes"],
];

/** The command. Returns the exit status; writes to the given streams only. */
export async function main(argv: readonly string[], streams: Streams): Promise<ExitCode> {
  let job: (() => Promise<ExitCode>) | undefined;
  let printed = "";
  // yargs loses what stands behind `--`
  const dashes = argv.indexOf("--");
  const behind = dashes < 0 ? [] : argv.slice(dashes + 1);
  const given = commandFirst(dashes < 0 ? argv : argv.slice(0, dashes));
  const { first, words } = withoutDefault(given);
  const parser = yargs()
    .scriptName("layerlint")
    .usage(
      "$0 [lint] <targets…>\n\nA target is a Dockerfile, a folder, an image archive, an OCI layout, or - for standard input.",
    )
    .command(
      first === "inspect" || first === "fix" ? "lint [targets..]" : ["lint [targets..]", "$0"],
      "Find wasted bytes in Dockerfiles and images (the default)",
      (command) =>
        fixOptions(gateOptions(reportOptions(targetOptions(withTargets(command)))))
          .option("fix", {
            type: "boolean",
            default: false,
            describe: "Apply the safe fixes to the Dockerfiles first, like layerlint fix",
            group: "Fixing:",
          })
          .epilogue(
            "A Dockerfile and its image given together are linked: findings name the line and the exact bytes.\n" +
              "Exit codes: 0 clean, 1 findings at or above --fail-on or a budget exceeded, 2 wrong usage or unreadable input.",
          ),
      (args) => {
        job = () =>
          lint(
            { ...lastOf(args), stdin: false, targets: [...args.targets.map(fromWord), ...behind] },
            streams,
          );
      },
    )
    .command(
      first === "fix" ? ["fix [targets..]", "$0"] : "fix [targets..]",
      "Apply the safe fixes to Dockerfiles, and report what is left",
      (command) =>
        fixOptions(gateOptions(reportOptions(targetOptions(withTargets(command)))))
          .option("stdin", {
            type: "boolean",
            default: false,
            describe: "Read a Dockerfile from standard input and print it fixed (for editors)",
            group: "Fixing:",
          })
          .epilogue(
            "With the built image beside the Dockerfile, its layers decide what is worth fixing.\n" +
              "Exit codes: 0 nothing left at or above --fail-on, 1 something is left, 2 a file could not be read or written.",
          ),
      (args) => {
        job = () =>
          lint({ ...lastOf(args), fix: true, targets: [...args.targets.map(fromWord), ...behind] }, streams);
      },
    )
    .command(
      first === "inspect" ? ["inspect [targets..]", "$0"] : "inspect [targets..]",
      "Show the layers of an image: the instruction, the content and the dead bytes of each",
      (command) => tableOptions(targetOptions(withTargets(command))),
      (args) => {
        job = () =>
          inspect({ ...lastOf(args), targets: [...args.targets.map(fromWord), ...behind] }, streams);
      },
    )
    .command(
      "optimize [targets..]",
      "Write a smaller image that looks the same to a container, and prove it",
      (command) =>
        optimizeOptions(withTargets(command, "An image, and optionally the Dockerfile that built it")),
      (args) => {
        job = async () => {
          const { optimizeImage } = await import("./optimize.ts");
          const targets = [...args.targets.map(fromWord), ...behind];
          return optimizeImage({ ...lastOf(args), targets }, streams);
        };
      },
    )
    .command(
      "compare <before> <after>",
      "Show the differences between two images: visible files, configuration, size",
      (command) => compareOptions(command),
      (args) => {
        job = async () => {
          const { compare } = await import("./compare.ts");
          return compare(
            { ...lastOf(args), tag: args.tag, before: fromWord(args.before), after: fromWord(args.after) },
            streams,
          );
        };
      },
    )
    .command(
      "init",
      "Write a configuration template to .layerlint.yaml",
      (command) => command,
      () => {
        job = async () => (await import("./init.ts")).init(streams);
      },
    )
    .command(
      "explain <rule>",
      "Explain a rule, with examples",
      (command) => command.positional("rule", { type: "string", demandOption: true }),
      (args) => {
        job = () => explain(args.rule, streams);
      },
    )
    .command(
      "rules",
      "List the rules",
      (command) =>
        command.option("format", {
          choices: ["pretty", "json"] as const,
          default: "pretty" as const,
          describe: "The output format",
        }),
      (args) => {
        job = () => listRules(lastOf(args).format, streams);
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
      // what yargs throws itself is about the command line too
      if (error !== undefined && error.name !== "YError") throw error;
      const text = error?.message ?? message;
      const command = commandNames.has(given[0] ?? "") ? `${given[0]} ` : "";
      throw new UserError(`${text.trim().replace(/\s*\n\s*/g, " ")}; see layerlint ${command}--help`);
    });
  for (const [command, text] of examples) parser.example(command, text);
  try {
    await parser.parseAsync(words.map(toWord), {}, (_error: unknown, _args: unknown, output: string) => {
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

const commandNames = new Set(["lint", "fix", "inspect", "optimize", "compare", "init", "explain", "rules"]);

function withTargets<T>(
  command: Argv<T>,
  describe = "Dockerfiles, folders, image archives, OCI layouts, or - for standard input",
) {
  return command.positional("targets", { type: "string", array: true, default: [] as string[], describe });
}

/** Options without a value; behind another one `lint` may be its value: the name of a stage, say. */
const plainOption =
  /^--(?:no-config|verify|allow-huge|all|no-fail|fix|unsafe|diff|stdin|dry-run|explain|repair|recompress-base)$|^--[a-z-]+=/;

/** `--no-config fix x`: yargs would take the command for the value of the option before it. */
function commandFirst(argv: readonly string[]): readonly string[] {
  const at = argv.findIndex((word) => !plainOption.test(word));
  const command = argv[at];
  if (at <= 0 || command === undefined || !commandNames.has(command)) return argv;
  return [command, ...argv.slice(0, at), ...argv.slice(at + 1)];
}

/**
 * Where a command is named, yargs lays out its help in every run, which takes longer than linting a Dockerfile. So `lint`,
 * `fix` and `inspect` are made the default command and their name is left out, unless it is help that is wanted.
 */
function withoutDefault(argv: readonly string[]): { first: string | undefined; words: readonly string[] } {
  const [first, second] = argv;
  const wantsHelp = argv.includes("--help") || argv.includes("-h");
  const isDefault =
    (first === "lint" || first === "fix" || first === "inspect") &&
    !wantsHelp &&
    !commandNames.has(second ?? "lint");
  return isDefault ? { first, words: argv.slice(1) } : { first: undefined, words: argv };
}

/** yargs loses a positional `-`, so it travels as a word that no argument can be. */
const stdinWord = "\0";

function toWord(argument: string): string {
  return argument === "-" ? stdinWord : argument;
}

function fromWord(word: string): string {
  return word === stdinWord ? "-" : word;
}

/** yargs makes a list of an option that is given twice; the last one counts, except where all do. */
function lastOf<T extends object>(args: T): T {
  const all = new Set(["_", "targets", "only", "skip", "severity", "ignore", "prune", "with"]);
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [
      name,
      asGiven(Array.isArray(value) && !all.has(name) ? value.at(-1) : value),
    ]),
  ) as T;
}

function asGiven(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asGiven);
  return typeof value === "string" ? fromWord(value) : value;
}

function bugReport(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `this is a bug in layerlint; please report it with the command you ran:\n${stack}`;
}
