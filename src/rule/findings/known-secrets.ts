/** Finds the values that no output may repeat, whichever rules run. */
import type { Subject } from "../../analysis/subject.ts";
import { pairsOf, type Dockerfile, type Instruction } from "../../dockerfile/dockerfile.ts";
import type { Image } from "../../image/image.ts";
import { secretsOf, secretsOfWords, type KnownSecret } from "../../knowledge/secrets/known.ts";
import { isHidden, nameKind } from "../../knowledge/secrets/names.ts";
import { isRecord } from "../../records.ts";
import { valueLeak } from "./secrets-in-settings.ts";

/** Returns the secrets of the Dockerfile, all stages, because a report may quote any line, and of the image. */
export function knownSecrets({ dockerfile, image }: Pick<Subject, "dockerfile" | "image">): KnownSecret[] {
  return [
    ...(dockerfile === undefined ? [] : secretsOfDockerfile(dockerfile.file)),
    ...(image === undefined ? [] : secretsOfImage(image.image)),
  ];
}

export function secretsOfDockerfile({ text, instructions }: Dockerfile): KnownSecret[] {
  const known = secretsOf(text);
  for (const instruction of instructions) {
    known.push(...inPairs(instruction, text));
    // its lines joined, and its words
    if (instruction.endLine > instruction.line) known.push(...secretsOf(instruction.body));
    if (instruction.exec !== undefined) known.push(...secretsOfWords(instruction.exec));
  }
  return known;
}

/** Returns the secrets of the whole configuration of an image, history and labels included. */
export function secretsOfImage({ config }: Pick<Image, "config">): KnownSecret[] {
  const known: KnownSecret[] = [];
  collect(config.raw, "", known);
  return known;
}

function collect(value: unknown, name: string, known: KnownSecret[]): void {
  if (typeof value === "string") {
    const kind = nameKind(name);
    if (kind !== undefined && isHidden(value, name, kind)) known.push({ name, value });
    known.push(...secretsOf(value), ...settingsIn(value));
  } else if (Array.isArray(value)) {
    const words = value.filter((item) => typeof item === "string");
    if (words.length > 1) known.push(...secretsOfWords(words));
    for (const item of value) collect(item, "", known);
  } else if (isRecord(value)) {
    for (const [key, item] of Object.entries(value)) collect(item, key, known);
  }
}

/** Builders record the values of ENV, ARG and `--build-arg` without quotes: they end where the next name begins. */
function settingsIn(text: string): KnownSecret[] {
  const settings =
    /^(?:RUN )?\|\d+ (.*?) (?:\/\S+ )?(?:-\w+ )*-\w*c /s.exec(text)?.[1] ??
    /^(?:\/bin\/sh -c #\(nop\)\s+)?(?:ENV|ARG|LABEL) (.*)$/s.exec(text)?.[1] ??
    (/^[A-Za-z_]\w*=/.test(text) ? text : "");
  if (settings === text) return settingOf(text);
  return settings === "" ? [] : settings.split(/ (?=[A-Za-z_][\w.-]*=)/).flatMap(settingOf);
}

function settingOf(text: string): KnownSecret[] {
  const equals = text.indexOf("=");
  const [name, value] = [text.slice(0, equals), text.slice(equals + 1).replace(/^(["'])(.*)\1$/s, "$2")];
  const kind = equals < 0 ? undefined : nameKind(name);
  return kind !== undefined && isHidden(value, name, kind) ? [{ name, value }] : [];
}

function inPairs(instruction: Instruction, text: string): KnownSecret[] {
  return pairsOf(instruction).flatMap(({ name, value, rawValue, start, end }) => {
    if (value === undefined || rawValue === undefined) return [];
    const kind = nameKind(name);
    const isSecret =
      valueLeak(instruction.keyword, name, value) !== undefined ||
      (kind !== undefined && isHidden(value, name, kind));
    if (!isSecret) return [];
    // the value, and its spelling in the file: `a\ b`, `a"b c"`, over several lines
    const texts = rawValue.includes(value) ? [value] : [value, rawValue];
    const lines = text.slice(start, end).split(/[\\`]?\r?\n/);
    if (lines.length > 1) texts.push(...lines.map((line) => partOf(line, name)));
    return texts.filter((each) => each.length >= 4).map((each) => ({ name, value: each }));
  });
}

/** Returns the part of a value on one line. */
function partOf(line: string, name: string): string {
  const part = line.startsWith(name) ? line.slice(name.length).replace(/^\s*=/, "") : line;
  return part.trim().replace(/^["']|["']$/g, "");
}
