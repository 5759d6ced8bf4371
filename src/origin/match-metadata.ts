/** Decides whether a history entry records a given instruction other than RUN, COPY or ADD. */
import type { Match } from "./match.ts";
import { expandIn, workdirAfter } from "../build/scope.ts";
import type { Scope, Step } from "../build/build.ts";
import type { Pair } from "../dockerfile/dockerfile.ts";
import type { HistoryRecord } from "./history-record.ts";
import { bareWords, squeeze, variablePattern } from "./text.ts";

export function matchMetadata(record: HistoryRecord, step: Step, escape: string): Match {
  const { instruction } = step;
  const recorded = squeeze(record.text);
  // buildah records the line unchanged
  if (recorded === squeeze(instruction.body)) return "same";
  switch (instruction.keyword) {
    case "ARG":
      return compareArg(recorded, step.scope, instruction.pairs, escape);
    case "ENV":
    case "LABEL":
      return comparePairs(recorded, step.scope, instruction.pairs, escape);
    case "WORKDIR":
      return compareWorkdir(recorded, step, escape);
    case "EXPOSE":
    case "HEALTHCHECK":
      // ports are sorted, ranges expanded, and durations reformatted
      return "partly";
    case "ONBUILD":
      return "no";
    default:
      return compareList(recorded, step, escape);
  }
}

/** Compares an ARG. Docker records `NAME=value`; buildah the names of all previous ARGs that have a value. */
function compareArg(recorded: string, scope: Scope, pairs: readonly Pair[], escape: string): Match {
  const values = pairs.map(({ name, rawValue }) => {
    const value = rawValue === undefined ? undefined : expandIn(scope, rawValue, escape);
    return value === undefined ? name : `${name}=${value}`;
  });
  if (squeeze(values.join(" ")) === recorded) return "same";
  if (!recorded.includes("=")) return "partly";
  // a --build-arg may have changed the value
  return pairs.some(({ name }) => recorded.startsWith(`${name}=`)) ? "partly" : "no";
}

function comparePairs(recorded: string, scope: Scope, pairs: readonly Pair[], escape: string): Match {
  const values = pairs.map(({ name, rawValue }) => [name, expandIn(scope, rawValue ?? "", escape)] as const);
  if (values.every(([, value]) => value !== undefined)) {
    const text = values.map(([name, value]) => `${name}=${value}`).join(" ");
    if (squeeze(text) === recorded) return "same";
  }
  let at = 0;
  for (const { name } of pairs) {
    at = recorded.indexOf(`${name}=`, at);
    if (at < 0) return "no";
  }
  return "partly";
}

/** Compares a WORKDIR; Docker records the resolved path. */
function compareWorkdir(recorded: string, step: Step, escape: string): Match {
  const workdir = workdirAfter(step.scope, step.instruction, escape);
  if (workdir !== undefined) {
    if (workdir === recorded) return "same";
    if (!step.instruction.body.includes("$")) return "no";
  }
  const { body } = step.instruction;
  const pattern = variablePattern(body);
  if (pattern !== undefined) return pattern.test(recorded) || !body.startsWith("/") ? "partly" : "no";
  return recorded.endsWith(`/${body.replace(/^\.\//, "").replace(/\/$/, "")}`) ? "partly" : "no";
}

/**
 * Compares the words of CMD, ENTRYPOINT, SHELL, VOLUME, USER, STOPSIGNAL and MAINTAINER, without brackets and quotes.
 */
function compareList(recorded: string, step: Step, escape: string): Match {
  const { instruction, scope } = step;
  const words = instruction.exec?.join(" ") ?? instruction.body;
  const expanded = instruction.exec === undefined ? (expandIn(scope, words, escape) ?? words) : words;
  const wanted = bareWords(recorded);
  for (const text of [words, expanded, `${scope.shell.join(" ")} ${words}`])
    if (bareWords(text) === wanted) return "same";
  const pattern = variablePattern(words);
  return pattern?.test(recorded) === true ? "partly" : "no";
}
