import { allRules } from "../../rules/index.ts";
import { ruleList } from "../report/rule-docs.ts";
import { styleFor } from "../report/style.ts";
import { exitCodes, type ExitCode, type Streams } from "./streams.ts";

/** `layerlint rules`: one line for each rule. */
export async function listRules(format: "pretty" | "json", streams: Streams): Promise<ExitCode> {
  if (format === "json") {
    const list = allRules.map(({ id, aliases, category, severity, preset, options, docs }) => ({
      id,
      aliases,
      category,
      severity,
      preset: preset ?? "default",
      summary: docs.summary,
      options: options ?? {},
    }));
    streams.stdout.write(`${JSON.stringify(list, undefined, 2)}\n`);
  } else {
    streams.stdout.write(ruleList(allRules, styleFor("auto", streams.env, streams.stdout)));
  }
  return exitCodes.clean;
}
