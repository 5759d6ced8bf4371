/** Reads `chown`, `chgrp` and `chmod` as values for flags of COPY. */
import { plainSyntax } from "../../knowledge/commands.ts";
import { resolve } from "../../paths.ts";
import { optionsOf } from "../../shell/option-reader.ts";
import type { Command, ShellWord } from "../../shell/script.ts";

/** One path that a command changes. */
export interface Operand {
  readonly path: string;
  readonly word: ShellWord;
}

export interface Change {
  readonly command: Command;
  readonly flag: "chown" | "chmod";
  /** Value for the flag: `1000:1000`, `755`, `+x`. */
  readonly value: string;
  /** The part that the command does not change but the flag would set to 0. */
  readonly keeps: "user" | "group" | undefined;
  readonly recursive: boolean;
  readonly operands: readonly Operand[];
}

/** Reads the change of a command; undefined for other commands, non-literal words, and options with other effects. */
export function changeBy(command: Command): Change | undefined {
  const { name, through, redirects } = command;
  if (name !== "chown" && name !== "chgrp" && name !== "chmod") return undefined;
  if (through.length > 0 || redirects.length > 0) return undefined;
  const { options, rest } = optionsOf(command.args, plainSyntax(name));
  const [what, ...words] = rest;
  if (what === undefined) return undefined;
  if (
    options.some((option) => !/^(?:-[Rcvf]|--(?:recursive|changes|verbose|quiet|silent))$/.test(option.name))
  )
    return undefined;
  const operands: Operand[] = [];
  for (const word of words) {
    const path = word.glob ? undefined : resolve(command.cwd, word.value);
    if (path === undefined) return undefined;
    operands.push({ path, word });
  }
  const value = valueOf(name, what);
  if (value === undefined) return undefined;
  const recursive = options.some((option) => option.name === "-R" || option.name === "--recursive");
  return { command, ...value, recursive, operands };
}

type Value = Pick<Change, "flag" | "value" | "keeps">;

function valueOf(name: "chown" | "chgrp" | "chmod", word: ShellWord): Value | undefined {
  const text = plain(word);
  if (text === undefined) return undefined;
  if (name === "chmod") {
    const isMode =
      /^[0-7]{3,4}$/.test(text) || /^[ugoa]*[-+=][rwxXst]*(?:,[ugoa]*[-+=][rwxXst]*)*$/.test(text);
    return isMode ? { flag: "chmod", value: text, keeps: undefined } : undefined;
  }
  const part = String.raw`(?:[A-Za-z_0-9][\w-]*|\$\{?[A-Za-z_]\w*\}?)`;
  const found = new RegExp(name === "chgrp" ? `^()(${part})$` : `^(${part})?(?::(${part})?)?$`).exec(text);
  const [, user = "", group = ""] = found ?? [];
  if (user === "" && group === "") return undefined;
  if (user === "") return { flag: "chown", value: `0:${group}`, keeps: "user" };
  if (group !== "") return { flag: "chown", value: `${user}:${group}`, keeps: undefined };
  // `app:` means the login group, which the flag uses too when no group is given
  if (text.endsWith(":"))
    return /^[A-Za-z_]/.test(user) ? { flag: "chown", value: user, keeps: undefined } : undefined;
  return { flag: "chown", value: `${user}:0`, keeps: "group" };
}

/** Returns the word without quotes; variables stay. */
function plain({ text, value }: ShellWord): string | undefined {
  if (!/[$`]/.test(text)) return value;
  return /^"([^"]*)"$/.exec(text)?.[1] ?? text;
}

/** Returns the names of the variables in a value. */
export function variablesIn(value: string): string[] {
  return [...value.matchAll(/\$\{?(\w+)\}?/g)].map(([, name = ""]) => name);
}
