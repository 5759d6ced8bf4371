/** Decides whether a history entry records a given COPY or ADD. */
import { itemAt } from "../must.ts";
import type { Match } from "./match.ts";
import { expandIn } from "../build/scope.ts";
import type { CopyStep, Step } from "../build/build.ts";
import type { HistoryRecord } from "./history-record.ts";
import { squeeze, variablePattern } from "./text.ts";

export function matchCopy(record: HistoryRecord, step: CopyStep, escape: string): Match {
  return record.style === "nop"
    ? compareDestination(record, step, escape)
    : compareWords(record, step, escape);
}

/** Compares the destination only: the classic builder and buildah record a hash of the sources. */
function compareDestination(record: HistoryRecord, step: CopyStep, escape: string): Match {
  const { words } = step.instruction;
  const [, kind, recorded = ""] =
    /(?:^|\s|\w)(file|dir|multi):[0-9a-f]{12,64}\s+in\s+([^]*?)\s*$/.exec(record.text) ?? [];
  const target = words.at(-1);
  if (kind === undefined || target === undefined) return "no";
  const sources = words.slice(0, -1);
  if (kind === "multi" && sources.length === 1 && !/[*?[$]/.test(itemAt(sources, 0).text)) return "no";
  if (kind !== "multi" && sources.length > 1 && !sources.some(({ text }) => /[*?[$]/.test(text))) return "no";
  return wordFits(recorded, target, step, escape) === "no" ? "no" : "partly";
}

/**
 * Compares all words. BuildKit records the expanded words with some of the flags, files before heredocs; kaniko
 * records the line unchanged.
 */
function compareWords(record: HistoryRecord, step: CopyStep, escape: string): Match {
  const { instruction } = step;
  let rest = squeeze(record.text);
  for (
    let flag = /^--([a-z-]+)(?:=(\S*))? /.exec(rest);
    flag !== null;
    flag = /^--([a-z-]+)(?:=(\S*))? /.exec(rest)
  ) {
    const [whole, name, value] = flag;
    const written = instruction.flags.filter((each) => each.name === name);
    const agrees = written.some(
      (each) =>
        each.value === undefined || value === undefined || each.value.includes("$") || each.value === value,
    );
    if (!agrees) return "no";
    rest = rest.slice(whole.length);
  }
  const { words, heredocs } = instruction;
  const isHeredoc = (start: number) => heredocs.some((heredoc) => heredoc.start.start === start);
  const files = words.slice(0, -1).filter(({ start }) => !isHeredoc(start));
  const target = words.at(-1);
  if (target === undefined) return "no";
  const expected = [
    ...files,
    ...heredocs.map(({ name }) => ({ text: `<<${name}`, value: `<<${name}` })),
    target,
  ];
  if (rest === squeeze(instruction.body)) return "same";
  const expanded = expected.map((word) =>
    word.text.startsWith("<<") ? word.value : expanded1(word, step, escape),
  );
  if (expanded.every((word) => word !== undefined) && squeeze(expanded.join(" ")) === rest) return "same";
  const pattern = variablePattern(
    expected.map(({ text, value }) => (text.includes("$") ? text : value)).join(" "),
  );
  return pattern?.test(rest) === true ? "partly" : "no";
}

interface Expandable {
  readonly text: string;
  readonly value: string;
}

/** Expands a word. Words of the JSON form have no quotes left, but variables in them are expanded too. */
function expanded1(word: Expandable, step: Step, escape: string): string | undefined {
  return word.text.includes("$") ? expandIn(step.scope, word.text, escape) : word.value;
}

function wordFits(recorded: string, word: Expandable, step: Step, escape: string): Match {
  const wanted = squeeze(recorded);
  if (wanted === squeeze(word.value) || wanted === squeeze(word.text)) return "same";
  const expanded = expanded1(word, step, escape);
  if (expanded !== undefined && squeeze(expanded) === wanted) return "same";
  return variablePattern(word.text)?.test(recorded) === true ? "partly" : "no";
}
