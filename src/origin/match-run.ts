/** Decides whether a history entry records a given RUN. */
import type { RunStep, Step } from "../build/build.ts";
import { itemAt, lastItem } from "../must.ts";
import { isBuildKit, type HistoryRecord } from "./history-record.ts";
import type { Match } from "./match.ts";
import { squeeze } from "./text.ts";

/** Compares an entry with a RUN, whose text is always recorded, except for a heredoc with a shebang. */
export function matchRun(record: HistoryRecord, step: RunStep): Match {
  const recorded = squeeze(record.text.replace(/(:sha256:[0-9a-f]{64})+\s*$/, ""));
  const { exec } = step.instruction;
  const shells = new Set([step.scope.shell.join(" "), "/bin/sh -c"]);
  // BuildKit and the classic builder record the exec form without shell and quotes
  if (exec !== undefined && fits(recorded, squeeze(exec.join(" ")), step)) return "same";
  // kaniko records the line of the Dockerfile
  if (record.style === "keyword" && !isBuildKit(record) && bodies(step).has(recorded)) return "same";
  for (const shell of shells) {
    for (const body of bodies(step)) if (fits(recorded, `${shell} ${body}`, step)) return "same";
    const lost = lostBody(step);
    if (lost !== undefined && fits(recorded, `${shell} ${lost}`, step)) return "partly";
  }
  return "no";
}

/** Returns the texts that builders may record after the shell, with squeezed blanks. */
function bodies({ instruction }: RunStep): Set<string> {
  const { body, heredocs, flags } = instruction;
  const written = flags
    .map(({ name, value }) => (value === undefined ? `--${name}` : `--${name}=${value}`))
    .join(" ");
  const texts = [body];
  if (heredocs.length > 0) {
    if (isPlainHeredoc(body)) texts.push(itemAt(heredocs, 0).content);
    texts.push(`${body}\n${heredocs.map(({ content, name }) => `${content}${name}`).join("\n")}`);
    texts.push(`${body}\n${heredocs.map(({ content }) => content).join("")}`);
  }
  const forms = new Set<string>();
  for (const text of texts) {
    // buildah records `--mount` and `--network` too
    if (written !== "") forms.add(squeeze(`${written} ${text}`));
    forms.add(squeeze(text));
  }
  return forms;
}

/**
 * Returns the path that BuildKit records for a heredoc with a shebang, which it runs from a file; undefined for other
 * RUNs.
 */
function lostBody({ instruction }: RunStep): string | undefined {
  const [heredoc] = instruction.heredocs;
  if (heredoc === undefined || !isPlainHeredoc(instruction.body) || !heredoc.content.startsWith("#!"))
    return undefined;
  return `/dev/pipes/${heredoc.name}`;
}

function isPlainHeredoc(body: string): boolean {
  return /^\d*<<-?(?:[^\s<"']+|(["']).*\1)$/.test(body);
}

/** Returns true if `recorded` is the command, alone or after `|N A=1 B=2`. */
function fits(recorded: string, command: string, step: Step): boolean {
  if (recorded === command) return true;
  if (!recorded.startsWith("|") || !recorded.endsWith(` ${command}`)) return false;
  const prefix = recorded.slice(0, recorded.length - command.length - 1);
  const [, number, assigned = ""] = /^\|(\d+)(?: ([^]*))?$/.exec(prefix) ?? [];
  if (number === undefined) return false;
  if (assigned === "") return number === "0";
  return isArguments(assigned, Number(number), step);
}

/**
 * Returns true for valid build arguments. Values may hold blanks, and even a shell, so the prefix is split at known
 * names and must have the stated number of pieces (buildah: of words). A non-default value with ` -c ` in it is part
 * of another command.
 */
function isArguments(assigned: string, number: number, { scope }: Step): boolean {
  const pieces: { name: string; value: string }[] = [];
  for (const word of assigned.split(" ")) {
    const [, name, value = ""] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(word) ?? [];
    if (
      name !== undefined &&
      (scope.args.has(name) || scope.env.has(name) || /_proxy$/i.test(name) || pieces.length === 0)
    ) {
      pieces.push({ name, value });
    } else if (pieces.length === 0) return false;
    else lastItem(pieces).value += ` ${word}`;
  }
  if (pieces.length !== number && assigned.split(" ").length !== number) return false;
  return pieces.every(
    ({ name, value }) => !/(?:^| )-\w*c /.test(`${value} `) || squeeze(scope.args.get(name) ?? "") === value,
  );
}
