/** `layerlint rules`: prints one line for each rule. */
import { ruleFacts, rulesWith } from "../app/rule-list.ts";
import { json } from "../report/json.ts";
import { ruleList } from "../report/rule-docs.ts";
import { styleFor } from "../report/style.ts";
import type { RulesArguments } from "./command-options.ts";
import { exitCodes, type ExitCode, type RunStreams } from "./streams.ts";

export async function rulesCommand(
  { format, plugin, config }: RulesArguments,
  streams: RunStreams,
): Promise<ExitCode> {
  const rules = await rulesWith({ plugins: plugin, config }, streams.cwd);
  streams.stdout.write(
    format === "json"
      ? json(streams.masker.data(ruleFacts(rules)))
      : ruleList(rules, styleFor("auto", streams.env, streams.stdout)),
  );
  return exitCodes.clean;
}
