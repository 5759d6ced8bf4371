/** `layerlint lint` and `layerlint fix`. */
import { ConfigResolver } from "../app/configs/config-resolver.ts";
import type { Fixer } from "../app/fixing/fixer.ts";
import { runTargets, type Run } from "../app/run-targets.ts";
import { UserError } from "../errors.ts";
import { json } from "../report/json.ts";
import { pretty } from "../report/pretty.ts";
import { styleFor } from "../report/style.ts";
import { targetOptions, type LintArguments } from "./command-options.ts";
import { environmentFor, printProblems } from "./environment-for.ts";
import { complaint, exitCodes, type ExitCode, type RunStreams } from "./streams.ts";

/**
 * Runs `lint` or `fix`. Exit status: 0 clean, 1 findings or an exceeded budget, 2 if something could not be read,
 * fixed or written, or a rule crashed.
 */
export async function lintCommand(given: LintArguments, streams: RunStreams): Promise<ExitCode> {
  const args = given.stdin ? { ...given, targets: onlyStdin(given.targets) } : given;
  if (args.unsafe && !args.fix && !args.diff) throw new UserError("--unsafe needs --fix or --diff");
  const options = targetOptions(args);
  const resolver = await ConfigResolver.create(options, streams.cwd);
  const fixer = args.fix || args.diff ? await fixerFor(args) : undefined;
  const savings = args.format === "pretty" || args.format === "json";
  const { environment, progress } = environmentFor(streams);
  const run = await runTargets({ targets: args.targets, options, resolver, fixer, savings }, environment);
  progress.clear();
  printProblems(run, streams);
  for (const line of run.unfixed) streams.stderr.write(complaint(line));
  const isWhole = run.problems.length === 0;
  if (fixer !== undefined && args.diff) streams.stdout.write(fixer.diff());
  else if (fixer !== undefined && args.targets.includes("-")) {
    for (const { name, after } of fixer.files) if (name === "-") streams.stdout.write(after);
  } else if (run.report.targets.length > 0 || isWhole) {
    streams.stdout.write(await printed(run, args, streams));
  }
  if (!isWhole || run.unfixed.length > 0) return exitCodes.trouble;
  return run.report.summary.failed && !args.noFail ? exitCodes.findings : exitCodes.clean;
}

function printed(
  { report, sources, problems }: Run,
  { format, color, all }: LintArguments,
  streams: RunStreams,
): Promise<string> {
  const formats: Readonly<Record<LintArguments["format"], () => Promise<string>>> = {
    pretty: async () =>
      pretty(report, sources, styleFor(color, streams.env, streams.stdout), {
        isWhole: problems.length === 0,
        all,
      }),
    json: async () => json(report),
    // loaded on demand, because these formats are rarely used
    github: async () => (await import("../report/github.ts")).github(report),
    gnu: async () => (await import("../report/gnu.ts")).gnu(report),
  };
  return formats[format]();
}

function onlyStdin(targets: readonly string[]): readonly string[] {
  if (targets.some((target) => target !== "-"))
    throw new UserError("--stdin reads the Dockerfile from standard input; name no targets with it");
  return ["-"];
}

/** Loads the fixer on demand; lint starts faster without it. */
async function fixerFor({ unsafe, diff, target, targets }: LintArguments): Promise<Fixer> {
  const { Fixer } = await import("../app/fixing/fixer.ts");
  if (targets.includes("-") && targets.length > 1)
    throw new UserError(
      "to fix standard input, name no other target: the fixed text goes to standard output",
    );
  return new Fixer({ unsafe, write: !diff, target });
}
