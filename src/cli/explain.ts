import { allRules } from "../../rules/index.ts";
import { findRule } from "../lint/settings.ts";
import { ruleText } from "../report/rule-docs.ts";
import { styleFor } from "../report/style.ts";
import { exitCodes, type ExitCode, type Streams } from "./streams.ts";

/** `layerlint explain <rule>`: the documentation that stands in the rule's file. */
export async function explain(name: string, streams: Streams): Promise<ExitCode> {
  const rule = findRule(allRules, name);
  streams.stdout.write(ruleText(rule, styleFor("auto", streams.env, streams.stdout)));
  return exitCodes.clean;
}
