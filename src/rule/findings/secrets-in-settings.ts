/** Finds secrets in ENV, ARG, LABEL and commands of the Dockerfile, the image's configuration and its history. */
import type { ImageView, Subject } from "../../analysis/subject.ts";
import type { Step } from "../../build/build.ts";
import { heredocsOf } from "../../dockerfile/dockerfile.ts";
import { isInnocent, secretNamePattern } from "../../knowledge/secrets/names.ts";
import { isPlaceholder } from "../../knowledge/secrets/placeholder.ts";
import { decodedBase64 } from "../../knowledge/secrets/decoded-base64.ts";
import { privateKeyIn } from "../../knowledge/secrets/private-keys.ts";
import { assignmentsIn, maskValue, tokensIn } from "../../knowledge/secrets/secrets.ts";
import type { HistoryLink } from "../../origin/origin.ts";
import type { Finding, SourceLocation, Severity } from "../contract.ts";
import { baseAdvice } from "./secrets-in-layers.ts";

interface Leak {
  /** The setting: "ENV NPM_TOKEN", "the command". */
  readonly where: string;
  /** The kind of secret: "an npm token", or a kind derived from the name. */
  readonly what: string;
  readonly value: string;
  /** True for a long block, whose beginning does not identify it. */
  readonly isBlock?: true;
  readonly severity: Severity;
}

export function* secretsInSettings(subject: Subject): Iterable<Finding> {
  const seen = new Set<string>();
  const { dockerfile, image } = subject;
  const evidence = subject.linked ? "both" : "dockerfile";
  // a Dockerfile that did not build this image is linted too
  for (const step of dockerfile?.steps ?? []) {
    for (const leak of leaksOf(step)) {
      if (seen.has(leak.value)) continue;
      seen.add(leak.value);
      yield { ...describe(leak), evidence, locations: [{ instruction: step.instruction }] };
    }
  }
  if (image === undefined) {
    for (const step of dockerfile?.steps ?? []) yield* handedOn(step);
    yield* usedArguments(dockerfile?.steps ?? []);
    return;
  }
  for (const { leak, place, inBase } of recorded(image)) {
    if (seen.has(leak.value)) continue;
    seen.add(leak.value);
    const isLinked = place?.instruction !== undefined;
    const finding = describe(leak);
    yield {
      ...finding,
      ...(inBase ? { severity: "info" as const, advice: baseAdvice } : {}),
      evidence: isLinked ? "both" : "layers",
      locations: place === undefined ? [] : [place],
    };
  }
}

/**
 * Yields build arguments that stay in the image: `ARG NPM_TOKEN` with `ENV NPM_TOKEN=$NPM_TOKEN`. An image shows the
 * value itself instead.
 */
function* handedOn({ instruction, scope }: Step): Iterable<Finding> {
  if (instruction.keyword !== "ENV") return;
  for (const { name, rawValue = "" } of instruction.pairs) {
    const argument = /^"?\$(?:(\w+)|\{(\w+)\})"?$/.exec(rawValue)?.slice(1).find(Boolean);
    if (argument === undefined || !(secretNamePattern.test(name) && secretNamePattern.test(argument)))
      continue;
    // an ARG with a default value is checked at its declaration
    if (!scope.args.has(argument) || scope.args.get(argument) !== undefined) continue;
    yield {
      message: `ENV ${name} keeps the build argument ${argument}, whose name suggests a secret: everybody who has the image can read it`,
      advice:
        "Pass it to the build with RUN --mount=type=secret, which leaves nothing behind, or to the container when it starts.",
      severity: "warning",
      evidence: "dockerfile",
      locations: [{ instruction }],
    };
  }
}

/**
 * Yields build arguments that a RUN uses: `ARG NPM_TOKEN` with `RUN curl -H "X: $NPM_TOKEN"`. The classic builder records
 * the arguments with every RUN after the ARG, and a clone keeps them in `.git/config`. Each argument is found once, at
 * its first use; one that becomes an ENV is found there.
 */
function* usedArguments(steps: readonly Step[]): Iterable<Finding> {
  const seen = new Set<string>();
  for (const { instruction } of steps) {
    if (instruction.keyword !== "ENV") continue;
    for (const { rawValue = "" } of instruction.pairs)
      for (const [, name = ""] of rawValue.matchAll(/\$\{?(\w+)/g)) seen.add(name);
  }
  for (const { instruction, scope, mounts } of steps) {
    if (instruction.keyword !== "RUN") continue;
    const text = [instruction.body, ...instruction.heredocs.map(({ content }) => content)].join("\n");
    if (!text.includes("$")) continue;
    const mounted = new Set(
      mounts.flatMap(({ type, options }) => (type === "secret" ? [options.get("env") ?? ""] : [])),
    );
    for (const [, name = ""] of text.matchAll(/(?<!\\)\$\{?([A-Za-z_]\w*)/g)) {
      if (seen.has(name) || mounted.has(name) || !secretNamePattern.test(name)) continue;
      // an ARG with a value is checked at its declaration; an ENV, or a variable of the shell, is none
      if (!scope.args.has(name) || scope.args.get(name) !== undefined || scope.env.has(name)) continue;
      if (new RegExp(`(?:^|[\\s;&|(])(?:export\\s+)?${name}=`).test(text)) continue;
      if (isInnocent(name, "")) continue;
      seen.add(name);
      yield {
        message: `this RUN uses the build argument ${name}, whose name suggests a secret: builders record build arguments in the history, and commands may keep them in files`,
        advice:
          "Pass it with RUN --mount=type=secret, which leaves nothing behind, and read it from /run/secrets in the command.",
        severity: "warning",
        evidence: "dockerfile",
        locations: [{ instruction }],
      };
    }
  }
}

function* leaksOf({ instruction }: Step): Iterable<Leak> {
  const { keyword } = instruction;
  if (instruction.keyword === "ENV" || instruction.keyword === "ARG" || instruction.keyword === "LABEL") {
    for (const { name, value, rawValue } of instruction.pairs) {
      if (value === undefined || rawValue === undefined) continue;
      const leak = valueLeak(`${keyword} ${name}`, name, rawValue.includes("$") ? rawValue : value);
      if (leak !== undefined) yield leak;
    }
    return;
  }
  const where = `this ${keyword}`;
  for (const text of [instruction.body, ...heredocsOf(instruction).map(({ content }) => content)]) {
    const key = privateKeyIn(text) ?? privateKeyIn(decodedBase64(text));
    if (key !== undefined) {
      const what = key.encrypted ? `${key.name}, protected by a passphrase` : key.name;
      yield { where, what, value: text, isBlock: true, severity: key.encrypted ? "warning" : "error" };
    }
    for (const { name, value } of [...tokensIn(text), ...tokensIn(decodedBase64(text))])
      yield { where, what: name, value, severity: "error" };
  }
}

/** Returns the leak in a value. A known token format is certain; a name that suggests a secret is a warning. */
export function valueLeak(where: string, name: string, value: string): Leak | undefined {
  const key = privateKeyIn(value) ?? privateKeyIn(decodedBase64(value));
  if (key !== undefined) {
    const what = key.encrypted ? `${key.name}, protected by a passphrase` : key.name;
    return { where, what, value, isBlock: true, severity: key.encrypted ? "warning" : "error" };
  }
  const [token] = [...tokensIn(value), ...tokensIn(decodedBase64(value))];
  if (token !== undefined) return { where, what: token.name, value: token.value, severity: "error" };
  if (!secretNamePattern.test(name) || isPlaceholder(value) || isInnocent(name, value)) return undefined;
  return { where, what: "a value whose name suggests a secret", value, severity: "warning" };
}

/** A secret that the image itself shows; `name` is the variable that holds it. */
interface Recorded {
  readonly leak: Leak;
  readonly name: string;
  /** Undefined for a secret in the configuration only. */
  readonly place: SourceLocation | undefined;
  readonly inBase: boolean;
}

function placeOf({ instruction, layer }: HistoryLink): SourceLocation | undefined {
  if (instruction !== undefined) return { instruction };
  return layer === undefined ? undefined : { layer };
}

/** Yields secrets in the environment of containers and in the history, which keeps build arguments. */
export function* recorded({ image, origins }: Pick<ImageView, "image" | "origins">): Iterable<Recorded> {
  const env = new Map(
    image.config.env.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
  );
  for (const link of origins.links) {
    const text = link.createdBy ?? "";
    const inBase = link.history < origins.base.history;
    const place = placeOf(link);
    for (const { name, value } of tokensIn(text)) {
      const leak = { where: "the image's history", what: name, value, severity: "error" } as const;
      yield { leak, name, place, inBase };
    }
    // a command may assign anything; the arguments before it, and ENV and ARG, were set for the build
    const settings = /^(?:ENV|ARG|LABEL) |#\(nop\)\s+(?:ENV|ARG|LABEL) /.test(text)
      ? text
      : buildArguments(text);
    for (const { name, value } of assignmentsIn(settings)) {
      if (isInnocent(name, value)) continue;
      // builders record a value with blanks unquoted, and only the environment shows where it ends
      const inEnv = env.get(name);
      const whole = inEnv?.startsWith(`${value} `) === true ? inEnv : value;
      const where = `${name} in the image's history`;
      const what = "a value whose name suggests a secret";
      yield { leak: { where, what, value: whole, severity: "warning" }, name, place, inBase };
    }
  }
  for (const [name, value] of env) {
    const leak = valueLeak(`the environment variable ${name}`, name, value);
    if (leak !== undefined) yield { leak, name, place: undefined, inBase: false };
  }
}

/** Returns the recorded build arguments: `|2 A=1 TOKEN=x /bin/sh -c …` → `A=1 TOKEN=x`. */
function buildArguments(text: string): string {
  return /^(?:RUN )?\|\d+ (.*?) (?:\/\S+ )?(?:-\w+ )*-\w*c /s.exec(text)?.[1] ?? "";
}

function describe({
  where,
  what,
  value,
  isBlock,
  severity,
}: Leak): Pick<Finding, "message" | "advice" | "severity"> {
  const shown = isBlock === true ? "" : ` (${maskValue(value)})`;
  return {
    message: `${where} holds ${what}${shown}, which everybody who has the image can read`,
    advice:
      "Revoke it. Pass a new one to the build with RUN --mount=type=secret, which leaves nothing behind, or to the container when it starts; ENV, ARG and commands stay in the image's configuration.",
    severity,
  };
}
