/** Random but valid changes of a Dockerfile: what it builds may differ, but it always parses. */
import type { Dockerfile, Instruction } from "../../src/dockerfile/dockerfile.ts";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";

/** Numbers from 0 to below 1, the same ones for the same seed (mulberry32). */
export type Random = () => number;

export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function pick<T>(random: Random, items: readonly T[]): T {
  return items[Math.floor(random() * items.length)]!;
}

type Mutation = (file: Dockerfile, random: Random) => string;

/** Changes that a builder does not see at all: the same instructions with the same words. */
export const invisible: readonly Mutation[] = [
  lineEndings,
  keywordCasing,
  commentBetween,
  indented,
  blankAtContinuation,
  brokenLine,
  ampersands,
  finalNewline,
];

/** Changes of what is built. */
export const visible: readonly Mutation[] = [
  commentInside,
  blankLineInside,
  nested,
  nested,
  inHeredoc,
  listStyle,
  inserted,
  inserted,
  mounted,
  triggered,
  repeated,
  stageCasing,
  otherEscape,
  directive,
  shellComment,
];

/** Applies `count` of the mutations, one after another; those that would not parse are left out. */
export function mutate(text: string, mutations: readonly Mutation[], count: number, random: Random): string {
  let file = parseDockerfile(text, "Dockerfile");
  for (let i = 0; i < count; i++) {
    const next = parseDockerfile(pick(random, mutations)(file, random), "Dockerfile");
    if (next.problems.length === 0 && next.stages.length >= file.stages.length) file = next;
  }
  return file.text;
}

function splice({ text }: Dockerfile, start: number, end: number, by: string): string {
  return text.slice(0, start) + by + text.slice(end);
}

function breakOf({ text }: Dockerfile): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}

/** A RUN in shell form without heredoc, and its body. */
function aRun(file: Dockerfile, random: Random): Instruction | undefined {
  const runs = file.instructions.filter(
    (each) => each.keyword === "RUN" && each.form === "shell" && each.heredocs.length === 0,
  );
  return runs.length === 0 ? undefined : pick(random, runs);
}

function lineEndings({ text }: Dockerfile): string {
  return text.includes("\r\n") ? text.replaceAll("\r\n", "\n") : text.replaceAll("\n", "\r\n");
}

function keywordCasing(file: Dockerfile, random: Random): string {
  const { keyword, keywordRange } = pick(random, file.instructions);
  const cased = pick(random, [keyword.toLowerCase(), keyword, keyword[0]! + keyword.slice(1).toLowerCase()]);
  return splice(file, keywordRange.start, keywordRange.end, cased);
}

function commentBetween(file: Dockerfile, random: Random): string {
  const { start } = pick(random, file.instructions);
  return splice(
    file,
    start,
    start,
    `# ${pick(random, ["why", "RUN rm -rf /", "👀 é", "a && b \\"])}${breakOf(file)}`,
  );
}

function indented(file: Dockerfile, random: Random): string {
  const { start } = pick(random, file.instructions);
  return splice(file, start, start, pick(random, ["\t", "  ", "\t "]));
}

function blankAtContinuation(file: Dockerfile, random: Random): string {
  const run = aRun(file, random);
  if (run === undefined) return file.text;
  const at = file.text.indexOf(file.escape + breakOf(file), run.start);
  return at < 0 || at > run.end ? file.text : splice(file, at + 1, at + 1, pick(random, [" ", "\t", "  "]));
}

/** A line break in place of a blank between two words. */
function brokenLine(file: Dockerfile, random: Random): string {
  const run = aRun(file, random);
  if (run === undefined || /['"`$#]/.test(run.body)) return file.text;
  const locations: number[] = [];
  for (let at = 1; at < run.body.length; at++) {
    const offset = run.bodyOffsets[at]!;
    if (
      run.body[at] === " " &&
      file.text[offset] === " " &&
      /\S/.test(run.body[at - 1]!) &&
      /[^\s\\]/.test(file.text[offset + 1] ?? " ")
    )
      locations.push(offset);
  }
  if (locations.length === 0) return file.text;
  const at = pick(random, locations);
  return splice(file, at, at + 1, ` ${file.escape}${breakOf(file)}${pick(random, ["    ", "\t", "", " "])}`);
}

/** `&&` at the line's end goes to the start of the next, or the other way round. */
function ampersands(file: Dockerfile, random: Random): string {
  const run = aRun(file, random);
  if (run === undefined) return file.text;
  const own = file.text.slice(run.start, run.end);
  const escape = file.escape === "\\" ? "\\\\" : "`";
  const ends = new RegExp(`&&[ \\t]*${escape}(\\r?\\n)([ \\t]*)(?=[^\\s#])`, "g");
  const starts = new RegExp(`[ \\t]*${escape}(\\r?\\n)([ \\t]*)&&[ \\t]*(?=\\S)`, "g");
  const changed = ends.test(own)
    ? own.replace(ends, (_, eol: string, indent: string) => `${file.escape}${eol}${indent}&& `)
    : own.replace(starts, (_, eol: string, indent: string) => ` && ${file.escape}${eol}${indent}`);
  return splice(file, run.start, run.end, changed);
}

function finalNewline({ text }: Dockerfile): string {
  return text.endsWith("\n") ? text.replace(/\r?\n$/, "") : `${text}\n`;
}

/** Offsets of the lines that continue an instruction. */
function continued(file: Dockerfile, random: Random): number | undefined {
  const run = aRun(file, random);
  if (run === undefined) return undefined;
  const locations: number[] = [];
  const pattern = file.escape === "\\" ? /\\[ \t]*\r?\n/g : /`[ \t]*\r?\n/g;
  for (const match of file.text.slice(run.start, run.end).matchAll(pattern))
    locations.push(run.start + match.index + match[0].length);
  return locations.length === 0 ? undefined : pick(random, locations);
}

function commentInside(file: Dockerfile, random: Random): string {
  const at = continued(file, random);
  return at === undefined
    ? file.text
    : splice(file, at, at, `${pick(random, ["", "  ", "\t"])}# && inside${breakOf(file)}`);
}

function blankLineInside(file: Dockerfile, random: Random): string {
  const at = continued(file, random);
  return at === undefined ? file.text : splice(file, at, at, breakOf(file));
}

/** The body inside of something else. */
function nested(file: Dockerfile, random: Random): string {
  const run = aRun(file, random);
  if (run === undefined) return file.text;
  const { start, end } = run.argsRange;
  const [before, after] = pick(random, [
    ["( ", " )"],
    ["{ ", "; }"],
    ["if true; then ", "; fi"],
    ["if false; then echo; else ", "; fi"],
    ["for i in 1 2; do ", "; done"],
    ["true && ", ""],
    ["false || ", ""],
    ["", " || true"],
    ["", " && true"],
    ["", " | cat"],
    ["", " > /tmp/log 2>&1"],
    ["", " &"],
    ["", ";"],
    ["set -e; ", ""],
    ["set -eux && ", ""],
    ["cd /tmp && ", ""],
    ["sh -c '", "'"],
    ["sudo ", ""],
    ["env A=1 ", ""],
    ["f() { ", "; }; f"],
    ["x=$(", ")"],
    ["exec ", ""],
    ["! ", ""],
    ["time ", ""],
  ]);
  const body = file.text.slice(start, end);
  if (before === "sh -c '" && body.includes("'")) return file.text;
  return splice(file, start, end, `${before}${body}${after}`);
}

function inHeredoc(file: Dockerfile, random: Random): string {
  const run = aRun(file, random);
  if (run === undefined || file.text.slice(run.start, run.end).includes("#")) return file.text;
  const eol = breakOf(file);
  const isList = !/['"(){}|\\`$<]|\b(?:if|for|case|while|do|then)\b/.test(run.body);
  const lines = isList ? run.body.split(/\s*(?:&&|;)\s*/).filter((line) => line !== "") : [run.body];
  const [head, indent] = pick(random, [
    ["<<EOF", ""],
    ["<<-EOF", "\t"],
    ["<<'EOF'", ""],
    ["<<EOF bash -e", ""],
  ]);
  const first = pick(random, [["set -e"], [], ["set -eux"], ["#!/bin/sh"], ["# what for"]]);
  const body = [...first, ...lines, ...pick(random, [[], ["# the end"]]), "EOF"].map((line) => indent + line);
  const { start, end } = run.argsRange;
  return splice(file, start, end, [head, ...body].join(eol));
}

/** `&&` becomes `;`, or the other way round. */
function listStyle(file: Dockerfile, random: Random): string {
  const run = aRun(file, random);
  if (run === undefined || /['"]/.test(run.body)) return file.text;
  const own = file.text.slice(run.argsRange.start, run.argsRange.end);
  const changed = own.includes("&&") ? own.replaceAll(" && ", "; ") : own.replaceAll("; ", " && ");
  return splice(file, run.argsRange.start, run.argsRange.end, changed);
}

function inserted(file: Dockerfile, random: Random): string {
  const { start } = pick(
    random,
    file.instructions.slice(1).length > 0 ? file.instructions.slice(1) : file.instructions,
  );
  const line = pick(random, [
    "USER 1000",
    "USER root",
    "WORKDIR /srv/data",
    "WORKDIR sub/dir",
    'SHELL ["/bin/bash", "-o", "pipefail", "-c"]',
    'SHELL ["/bin/sh", "-ec"]',
    'SHELL ["pwsh", "-Command"]',
    "ENV PIP_NO_CACHE_DIR=1",
    "ENV HOME=/home/app",
    "ENV a b c",
    "ARG DEBIAN_FRONTEND=noninteractive",
    "VOLUME /data",
    "RUN rm -rf /var/lib/apt/lists/*",
    "RUN ./configure.sh",
    "RUN apt-get install -y jq",
    "RUN chown -R 1000:1000 /srv /app",
    "COPY . .",
    "COPY --link extra.tgz /tmp/extra.tgz",
    'CMD ["sh"]',
    "ENTRYPOINT run me",
    "HEALTHCHECK CMD true",
    "LABEL a=b",
    "FROM scratch AS Other",
  ]);
  return splice(file, start, start, `${line}${breakOf(file)}`);
}

function mounted(file: Dockerfile, random: Random): string {
  const run = aRun(file, random);
  if (run === undefined) return file.text;
  const flag = pick(random, [
    "--mount=type=cache,target=/var/cache/apt",
    "--mount=type=cache,target=/root/.cache",
    "--mount=type=tmpfs,target=/tmp",
    "--network=none",
    "--mount=type=bind,target=/src",
  ]);
  const { end } = run.keywordRange;
  return splice(file, end, end, ` ${flag}`);
}

function triggered(file: Dockerfile, random: Random): string {
  const found = file.instructions.filter(({ keyword }) => keyword === "RUN" || keyword === "COPY");
  if (found.length === 0) return file.text;
  const { start } = pick(random, found);
  return splice(file, start, start, "ONBUILD ");
}

function repeated(file: Dockerfile, random: Random): string {
  const found = file.instructions.filter(({ keyword }) => keyword !== "FROM");
  if (found.length === 0) return file.text;
  const { start, end } = pick(random, found);
  return splice(file, start, start, `${file.text.slice(start, end)}${breakOf(file)}`);
}

function stageCasing(file: Dockerfile, random: Random): string {
  const named = file.stages.filter(({ name }) => name !== undefined);
  if (named.length === 0) return file.text;
  const { from } = pick(random, named);
  const word = from.words[2]!;
  return splice(
    file,
    word.start,
    word.end,
    pick(random, [word.text.toUpperCase(), word.text[0]!.toUpperCase() + word.text.slice(1)]),
  );
}

/** The backtick as escape character, where nothing else in the file means one of the two. */
function otherEscape(file: Dockerfile): string {
  if (file.directives.length > 0 || file.text.includes("`") || /\\(?!\r?\n)/.test(file.text))
    return file.text;
  return `# escape=\`${breakOf(file)}${file.text.replaceAll("\\", "`")}`;
}

function directive(file: Dockerfile, random: Random): string {
  if (file.directives.length > 0) return file.text;
  const version = pick(random, [
    "docker/dockerfile:1",
    "docker/dockerfile:1.3",
    "docker/dockerfile:1.14",
    "other/frontend",
  ]);
  return `# syntax=${version}${breakOf(file)}${file.text}`;
}

function shellComment(file: Dockerfile, random: Random): string {
  const run = aRun(file, random);
  if (run === undefined) return file.text;
  return splice(file, run.argsRange.end, run.argsRange.end, " # as told");
}
