import { allRules } from "../../rules/index.ts";
import { chooseRules, type Settings } from "../engine/settings.ts";
import { UserError } from "../errors.ts";
import { json } from "../report/json.ts";
import { pretty } from "../report/pretty.ts";
import { styleFor } from "../report/style.ts";
import { splitList, type GateArguments, type TargetArguments } from "./options.ts";
import { runTargets } from "./run-targets.ts";
import { parseSize, parseSizeOrShare } from "./sizes.ts";
import { exitCodes, type ExitCode, type Streams } from "./streams.ts";

/** `layerlint lint`: 0 clean, 1 findings or a budget exceeded, 2 something could not be read. */
export async function lint(args: TargetArguments & GateArguments, streams: Streams): Promise<ExitCode> {
  const settings = settingsOf(args);
  const run = await runTargets(args, settings, streams);
  if (run.report.targets.length > 0) {
    const style = styleFor(args.color, streams.env, streams.stdout);
    streams.stdout.write(args.format === "json" ? json(run.report) : pretty(run.report, run.sources, style));
  }
  if (run.trouble) return exitCodes.trouble;
  return run.report.summary.failed ? exitCodes.findings : exitCodes.clean;
}

function settingsOf(args: TargetArguments & GateArguments): Settings {
  return {
    rules: chooseRules(allRules, {
      preset: args.preset,
      only: splitList(args.only),
      skip: splitList(args.skip),
      severity: splitList(args.severity),
    }),
    failOn: args.failOn,
    budget: budgetOf(args),
  };
}

function budgetOf(args: GateArguments): Settings["budget"] {
  const floorBytes = parseSize(args.minWaste, "--min-waste");
  if (args.maxWaste === undefined) return undefined;
  if (args.maxWaste.trim() === "")
    throw new UserError("--max-waste: write a size such as 10MB or a percentage such as 5%");
  const limit = parseSizeOrShare(args.maxWaste, "--max-waste");
  return "bytes" in limit
    ? { maxBytes: limit.bytes, maxShare: undefined, floorBytes }
    : { maxBytes: undefined, maxShare: limit.share, floorBytes };
}
