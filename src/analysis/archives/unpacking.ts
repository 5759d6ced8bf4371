/** Finds the archive that a command unpacks or installs. */
import type { UnpackFacts } from "../../knowledge/tool.ts";
import { toolNamed } from "../../knowledge/toolbox.ts";
import { itemAt } from "../../must.ts";
import { resolve } from "../../paths.ts";
import { fullName, type OptionSyntax } from "../../shell/option-reader.ts";
import type { Command, ShellWord } from "../../shell/script.ts";
import { lineOf, syntaxOf } from "../steps/option-words.ts";

export interface Unpacking {
  readonly command: Command;
  /** The word that names the archive. */
  readonly word: ShellWord;
  readonly path: string;
  /** Target folder of the content; undefined when the command has other options, or names members. */
  readonly into: string | undefined;
}

export function unpackings(command: Command): Unpacking[] {
  const { args, cwd, through } = command;
  const tool = toolNamed(command.name);
  const facts = tool?.unpacking;
  if (facts === undefined || through.includes("xargs") || through.includes("find")) return [];
  if (facts.tar !== undefined) return tar(command, facts.tar, syntaxOf(tool, command.name ?? ""));
  const { word: wanted, verbs, onlyFirst, archive } = facts;
  if (wanted !== undefined && !args.some(({ value }) => wanted.test(value ?? ""))) return [];
  let { operands } = lineOf(command);
  if (verbs !== undefined) {
    if (!verbs.includes(operands[0]?.value ?? "")) return [];
    operands = operands.slice(1);
  }
  const named = onlyFirst === true ? operands.slice(0, 1) : operands;
  return named.flatMap((word) => {
    const path = word.glob ? undefined : resolve(cwd, word.value);
    const isArchive = archive === undefined || archive.test(word.value ?? "");
    return path === undefined || !isArchive ? [] : [{ command, word, path, into: undefined }];
  });
}

/** Reads a tar command: `tar -xzf a`, `tar xzf a`, `tar --extract --file=a -C /x`. */
function tar(command: Command, facts: NonNullable<UnpackFacts["tar"]>, syntax: OptionSyntax): Unpacking[] {
  const { args, cwd } = command;
  let extracts = false;
  let isPlain = true;
  let file: ShellWord | undefined;
  let folder: string | undefined = ".";
  for (let i = 0; i < args.length; i++) {
    const word = itemAt(args, i);
    const { value } = word;
    if (value === undefined) return [];
    const isCluster = i === 0 ? /^-?[A-Za-z]+$/.test(value) : /^-[A-Za-z]/.test(value);
    if (isCluster) {
      const letters = value.replace(/^-/, "");
      for (let at = 0; at < letters.length; at++) {
        const letter = letters.charAt(at);
        if (letter === "x") extracts = true;
        if (!facts.valued.includes(letter)) {
          isPlain &&= facts.plain.includes(letter);
          continue;
        }
        const attached = letters.slice(at + 1);
        // `-xfa.tar` has the value attached; in `xfz a.tar` the letters continue
        const inWord = value.startsWith("-") && attached !== "";
        const given = inWord ? undefined : args[++i];
        if (letter === "f") file = given;
        else if (letter === "C") folder = inWord ? attached : given?.value;
        else isPlain = false;
        if (inWord) break;
      }
      continue;
    }
    const equals = value.indexOf("=");
    const attached = equals < 0 ? undefined : value.slice(equals + 1);
    const given = equals < 0 ? value : value.slice(0, equals);
    const name = fullName(given, syntax) ?? given;
    if (name === "--extract" || name === "--get") extracts = true;
    else if (name === "--file" && attached === undefined) file = args[++i];
    else if (name === "--file") return [];
    else if (name === "--directory") folder = attached ?? args[++i]?.value;
    else if (attached !== undefined || !facts.plainLong.includes(name)) isPlain = false;
  }
  const path = file === undefined || file.glob ? undefined : resolve(cwd, file.value);
  if (!extracts || file === undefined || path === undefined || file.value === "-") return [];
  return [{ command, word: file, path, into: isPlain ? resolve(cwd, folder) : undefined }];
}
