/** `layerlint rules`: one line for each rule. */
import { allRules, ruleFacts } from "../app/rule-list.ts";
import { json } from "../report/json.ts";
import { ruleList } from "../report/rule-docs.ts";
import { styleFor } from "../report/style.ts";
import { exitCodes, type ExitCode, type Streams } from "./streams.ts";

export async function rulesCommand(format: "pretty" | "json", streams: Streams): Promise<ExitCode> {
  streams.stdout.write(
    format === "json" ? json(ruleFacts()) : ruleList(allRules, styleFor("auto", streams.env, streams.stdout)),
  );
  return exitCodes.clean;
}
