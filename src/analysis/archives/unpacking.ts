/** Commands that unpack or install an archive, and which one. */
import type { Command, ShellWord } from "../../shell/script.ts";
import { subcommand } from "../steps/creations.ts";
import { resolve } from "../../paths.ts";

export interface Unpacking {
  readonly command: Command;
  /** Names the archive. */
  readonly word: ShellWord;
  readonly path: string;
  /** Where the content goes, when nothing but that is said: no other option, no member. */
  readonly into: string | undefined;
}

export function unpackings(command: Command): Unpacking[] {
  const { name, args, cwd } = command;
  if (command.through.includes("xargs") || command.through.includes("find")) return [];
  const of = (words: readonly ShellWord[], into?: string): Unpacking[] =>
    words.flatMap((word) => {
      const path = word.glob ? undefined : resolve(cwd, word.value);
      return path === undefined ? [] : [{ command, word, path, into }];
    });
  const operands = args.filter(({ value }) => value?.startsWith("-") !== true);
  switch (name) {
    case "tar":
    case "bsdtar":
      return tar(command);
    case "unzip":
      return of(operands.slice(0, 1));
    case "7z":
    case "7za":
    case "7zr":
      return /^[ex]$/.test(operands[0]?.value ?? "") ? of(operands.slice(1, 2)) : [];
    case "dpkg":
      return args.some(({ value }) => value === "-i" || value === "--install") ? of(operands) : [];
    case "rpm":
      return args.some(({ value }) => /^-[ivhU]*[iU][vh]*$|^--(?:install|upgrade)$/.test(value ?? ""))
        ? of(operands)
        : [];
    case "apt":
    case "apt-get":
    case "dnf":
    case "yum":
    case "microdnf":
      return subcommand(command) === "install"
        ? of(operands.slice(1).filter(({ value }) => /\/.*\.(?:deb|rpm)$/.test(value ?? "")))
        : [];
    default:
      return [];
  }
}

/** Letters of tar that take a value. */
const TAKES = "bCfFgHIKLNTVX";

/** `tar -xzf a`, `tar xzf a`, `tar --extract --file=a -C /x`. */
function tar(command: Command): Unpacking[] {
  const { args, cwd } = command;
  let extracts = false;
  let isPlain = true;
  let file: ShellWord | undefined;
  let folder: string | undefined = ".";
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    const { value } = word;
    if (value === undefined) return [];
    const isCluster = i === 0 ? /^-?[A-Za-z]+$/.test(value) : /^-[A-Za-z]/.test(value);
    if (isCluster) {
      const letters = value.replace(/^-/, "");
      for (let at = 0; at < letters.length; at++) {
        const letter = letters.charAt(at);
        if (letter === "x") extracts = true;
        if (!TAKES.includes(letter)) {
          isPlain &&= "xzjJvp".includes(letter);
          continue;
        }
        const attached = letters.slice(at + 1);
        // `-xfa.tar`; in `xfz a.tar` the letters go on
        const inWord = value.startsWith("-") && attached !== "";
        const given = inWord ? undefined : args[++i];
        if (letter === "f") file = given;
        else if (letter === "C") folder = inWord ? attached : given?.value;
        else isPlain = false;
        if (inWord) break;
      }
    } else if (value === "--extract" || value === "--get") extracts = true;
    else if (value === "--file") file = args[++i];
    else if (value.startsWith("--file=")) return [];
    else if (value === "--directory") folder = args[++i]?.value;
    else if (value.startsWith("--directory=")) folder = value.slice("--directory=".length);
    else if (!/^--(?:gzip|bzip2|xz|verbose|gunzip|ungzip)$/.test(value)) isPlain = false;
  }
  const path = file === undefined || file.glob ? undefined : resolve(cwd, file.value);
  if (!extracts || file === undefined || path === undefined || file.value === "-") return [];
  return [{ command, word: file, path, into: isPlain ? resolve(cwd, folder) : undefined }];
}
