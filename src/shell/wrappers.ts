/** Commands that run another command: `sudo -u x apt-get …`, `env A=1 …`, `sh -c '…'`. */
import { itemAt } from "../must.ts";
import type { Assignment, ShellWord } from "./script.ts";
import { isShell } from "./shells.ts";

/** A command line without its wrappers. */
export interface Unwrapped {
  /** Wrappers, outermost first. */
  readonly through: readonly string[];
  /** Command word and arguments; empty when the wrapper ran none. */
  readonly words: readonly ShellWord[];
  /** Assignments given to `env` and `sudo`. */
  readonly assignments: readonly Assignment[];
  /** The word that a shell, `eval` or `su -c` reads as a script. */
  readonly script: ShellWord | undefined;
  /** True when a shell was given `-e`. */
  readonly errexit: boolean;
  /** True when the command runs in another directory than its wrapper: `env -C`, `su -`. */
  readonly moves: boolean;
  /** False after `xargs` and `find`: the command may not run at all, or with more arguments. */
  readonly certain: boolean;
}

/** Options that take the next word, and how many words stand before the command. */
interface Wrapper {
  readonly takes: readonly string[];
  readonly operands?: number;
  readonly certain?: boolean;
}

const wrappers = new Map<string, Wrapper>(
  Object.entries({
    sudo: {
      takes: [
        "-u",
        "-g",
        "-h",
        "-p",
        "-C",
        "-r",
        "-t",
        "-T",
        "-U",
        "-D",
        "-R",
        "--user",
        "--group",
        "--host",
        "--chdir",
      ],
    },
    doas: { takes: ["-u", "-C"] },
    env: { takes: ["-u", "--unset", "-C", "--chdir"] },
    command: { takes: [] },
    builtin: { takes: [] },
    exec: { takes: ["-a"] },
    time: { takes: ["-f", "-o", "--format", "--output"] },
    nice: { takes: ["-n", "--adjustment"] },
    ionice: { takes: ["-c", "-n", "--class", "--classdata"] },
    nohup: { takes: [] },
    setsid: { takes: [] },
    stdbuf: { takes: ["-i", "-o", "-e"] },
    timeout: { takes: ["-k", "-s", "--kill-after", "--signal"], operands: 1 },
    gosu: { takes: [], operands: 1 },
    "su-exec": { takes: [], operands: 1 },
    runuser: { takes: ["-u", "-g", "-G", "--user"] },
    setpriv: { takes: [] },
    "s6-setuidgid": { takes: [], operands: 1 },
    setarch: { takes: [], operands: 1 },
    linux32: { takes: [] },
    linux64: { takes: [] },
    flock: { takes: ["-w", "-E", "--wait", "--timeout", "--conflict-exit-code"], operands: 1 },
    "dbus-run-session": { takes: ["--config-file"] },
    "xvfb-run": {
      takes: ["-e", "-f", "-n", "-p", "-s", "-w", "--server-num", "--server-args", "--error-file"],
    },
    tini: { takes: ["-p", "-e"] },
    "dumb-init": { takes: ["-r", "--rewrite"] },
    fakeroot: { takes: ["-l", "-s", "-i", "--lib", "--faked"] },
    eatmydata: { takes: [] },
    chronic: { takes: [] },
    busybox: { takes: [] },
    xargs: {
      takes: [
        "-a",
        "-d",
        "-E",
        "-I",
        "-L",
        "-n",
        "-P",
        "-s",
        "--arg-file",
        "--delimiter",
        "--max-args",
        "--max-procs",
      ],
      certain: false,
    },
  } satisfies Record<string, Wrapper>),
);

/** Returns the base name of a command: `/usr/bin/apt-get` → `apt-get`. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

export function nameOf(word: ShellWord | undefined): string | undefined {
  return word?.value === undefined || word.glob ? undefined : baseName(word.value);
}

/** Most wrappers that are removed: `sudo sudo sudo …` */
const maxWrappers = 20;

export function unwrap(all: readonly ShellWord[]): Unwrapped {
  const through: string[] = [];
  const assignments: Assignment[] = [];
  let words = all;
  let certain = true;
  let moves = false;
  for (;;) {
    const name = nameOf(words[0]);
    const plain = { through, words, assignments, script: undefined, errexit: false, moves, certain };
    if (name === undefined) return plain;
    const isSu = name === "su" || (name === "runuser" && !words.some(({ value }) => isUserFlag(value)));
    if (isShell(name) || isSu) {
      const found = shellScript(words, isSu);
      if (found === undefined) return plain;
      const isLogin = isSu && words.some(({ value }) => /^-(?:l|-login)?$/.test(value ?? ""));
      return { ...plain, ...found, moves: moves || isLogin, through: [...through, name] };
    }
    const wrapper = through.length < maxWrappers ? wrappers.get(name) : undefined;
    const rest = wrapper === undefined ? undefined : behind(words, wrapper, assignments);
    if (wrapper === undefined || rest === undefined || rest.length === 0) return plain;
    through.push(name);
    if (wrapper.certain === false) certain = false;
    const options = words.slice(1, words.length - rest.length);
    if (options.some(({ text }) => /^(?:-C|-D|--chdir)/.test(text)) && /^(?:env|sudo)$/.test(name))
      moves = true;
    if (name === "sudo" && options.some(({ text }) => /^(?:-[A-Za-z]*i|--login$)/.test(text))) moves = true;
    words = rest;
  }
}

/** Returns the words of the wrapped command; undefined when the wrapper runs no known command. */
function behind(
  words: readonly ShellWord[],
  wrapper: Wrapper,
  assignments: Assignment[],
): readonly ShellWord[] | undefined {
  const name = nameOf(words[0]);
  let at = 1;
  for (; at < words.length; at++) {
    const value = itemAt(words, at).value;
    if (value === undefined) break;
    if (value === "--") {
      at++;
      break;
    }
    if (!value.startsWith("-") || value === "-") {
      if (value !== "-" || name !== "env") break;
      continue;
    }
    // `command -v x` only looks x up, `env -S` splits a string, `sudo -s` starts a shell
    if (name === "command" && /^-[vV]/.test(value)) return undefined;
    if (name === "env" && /^(-S|--split)/.test(value)) return undefined;
    if (takesNext(value, wrapper.takes)) at++;
  }
  at += wrapper.operands ?? 0;
  if (name === "env" || name === "sudo" || name === "doas") {
    for (; at < words.length; at++) {
      const word = itemAt(words, at);
      const assigned = /^([A-Za-z_][A-Za-z0-9_]*)=/.exec(word.text);
      if (assigned === null) break;
      const value = word.value?.slice(assigned[0].length);
      assignments.push({ start: word.start, end: word.end, name: itemAt(assigned, 1), value });
    }
  }
  return words.slice(at);
}

/**
 * Returns true if a word of options takes the next word: `-u user`, `-Eu user` and `--user user`, but not `-uuser`.
 * Long options may be abbreviated.
 */
function takesNext(word: string, takes: readonly string[]): boolean {
  if (word.startsWith("--")) return !word.includes("=") && takes.some((each) => each.startsWith(word));
  for (let at = 1; at < word.length; at++)
    if (takes.includes(`-${word.charAt(at)}`)) return at === word.length - 1;
  return false;
}

function isUserFlag(value: string | undefined): boolean {
  return value !== undefined && /^(?:-u|--user)/.test(value);
}

/** Finds the script of a shell: `bash -o pipefail -ec '…'`, `su - user -c '…'`. */
function shellScript(
  words: readonly ShellWord[],
  isSu: boolean,
): { script: ShellWord; words: readonly ShellWord[]; errexit: boolean } | undefined {
  let errexit = false;
  for (let at = 1; at < words.length; at++) {
    const value = itemAt(words, at).value;
    if (value === undefined) return undefined;
    if (!value.startsWith("-") && !value.startsWith("+")) {
      if (isSu) continue;
      return undefined;
    }
    if (value === "--") return undefined;
    if (isSu ? value === "-c" || value === "--command" : /^-[a-zA-Z]*c[a-zA-Z]*$/.test(value)) {
      // `-oc pipefail`: the option's name comes first
      const script = words[at + (!isSu && /o/.test(value) ? 2 : 1)];
      if (!isSu && /e/.test(value)) errexit = true;
      return script === undefined ? undefined : { script, words: [], errexit };
    }
    if (!isSu && /^-[a-zA-Z]*e/.test(value)) errexit = true;
    if (/^[-+][a-zA-Z]*[oO]$/.test(value) || (isSu && /^-[sgGw]$/.test(value))) {
      if (words[at + 1]?.value === "errexit") errexit = true;
      at++;
    }
  }
  return undefined;
}
