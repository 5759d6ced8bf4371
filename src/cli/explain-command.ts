/** `layerlint explain`: prints the documentation of a rule. */
import { ruleNamed, rulesWith } from "../app/rule-list.ts";
import { ruleText } from "../report/rule-docs.ts";
import { styleFor } from "../report/style.ts";
import type { ExplainArguments } from "./command-options.ts";
import { exitCodes, type ExitCode, type RunStreams } from "./streams.ts";

export async function explainCommand(
  name: string,
  { plugin, config }: ExplainArguments,
  streams: RunStreams,
): Promise<ExitCode> {
  const rules = await rulesWith({ plugins: plugin, config }, streams.cwd);
  streams.stdout.write(ruleText(ruleNamed(name, rules), styleFor("auto", streams.env, streams.stdout)));
  return exitCodes.clean;
}
