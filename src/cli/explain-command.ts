/** `layerlint explain`: the documentation that stands in the rule's file. */
import { ruleNamed } from "../app/rule-list.ts";
import { ruleText } from "../report/rule-docs.ts";
import { styleFor } from "../report/style.ts";
import { exitCodes, type ExitCode, type Streams } from "./streams.ts";

export async function explainCommand(name: string, streams: Streams): Promise<ExitCode> {
  streams.stdout.write(ruleText(ruleNamed(name), styleFor("auto", streams.env, streams.stdout)));
  return exitCodes.clean;
}
