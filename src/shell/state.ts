/** The state of the shell at one point of a script. */
import { itemAt } from "../must.ts";
import { cleanPath } from "../paths.ts";
import type { EnvironmentChange, ShellWord } from "./script.ts";
import type { Variables } from "./word-values.ts";

/** The state of one shell process; a subshell gets its own. */
export class ShellState {
  cwd: string | undefined;
  variables: Map<string, string | undefined>;
  /** Names of exported variables; a new shell starts with these only. */
  readonly exported: Set<string>;
  /** The last change of an exported variable. */
  environment: EnvironmentChange | undefined;
  errexit: boolean;
  /** The script may have ended before this point although the RUN succeeds. */
  mayHaveStopped = false;
  /**
   * How an `exit` or `exec` before this point would end the shell; also applies to callers of the function that holds
   * it.
   */
  exits: "never" | "failing" | "maybe" = "never";
  /** The RUN only succeeds if this shell does. */
  readonly mustSucceed: boolean;

  constructor(cwd: string | undefined, variables: Variables, errexit: boolean, mustSucceed: boolean) {
    this.cwd = cwd;
    this.variables = new Map(variables);
    // builders set HOME for every RUN
    this.exported = new Set([...variables.keys(), "HOME"]);
    this.errexit = errexit;
    this.mustSucceed = mustSucceed;
  }

  subshell(mustSucceed: boolean): ShellState {
    const state = new ShellState(this.cwd, this.variables, this.errexit, mustSucceed);
    state.environment = this.environment;
    state.exported.clear();
    for (const name of this.exported) state.exported.add(name);
    return state;
  }

  assign(name: string, value: string | undefined, certain: boolean): void {
    const now = certain ? value : undefined;
    this.variables.set(name, now);
    // a variable that is in the environment stays in it when it is assigned (POSIX, Shell Command Language, 2.9.1)
    if (this.exported.has(name)) this.environment = { name, value: now, before: this.environment };
  }

  /** Records an `exit` or `exec`: the shell ends or is replaced if this point is reached. */
  stop(isFailure: boolean): void {
    if (!isFailure) this.exits = "maybe";
    else if (this.exits === "never") this.exits = "failing";
    if (!isFailure || !this.mustSucceed) this.mayHaveStopped = true;
  }

  /** Records a function call, whose body may do anything that a script may. */
  call(exits: ShellState["exits"]): void {
    this.forget();
    this.errexit = false;
    if (exits !== "never") this.stop(exits === "failing");
  }

  /** Forgets all variables: after `eval`, `source` or a function, any of them may have changed. */
  forget(): void {
    this.cwd = undefined;
    for (const name of this.variables.keys()) this.variables.set(name, undefined);
  }

  /** Applies the effect of a builtin on later commands. */
  apply(name: string, args: readonly ShellWord[], certain: boolean): void {
    switch (name) {
      case "cd":
      case "pushd":
        this.#changeDirectory(args, certain);
        break;
      case "popd":
        this.cwd = undefined;
        break;
      case "set":
        this.#set(args, certain);
        break;
      case "exit":
        this.stop(failing(args));
        break;
      case "return":
        this.mayHaveStopped = true;
        break;
      case "export":
        for (const { text } of args) this.exported.add(/^\w*/.exec(text)?.[0] ?? "");
        this.#declare(args, certain);
        break;
      case "readonly":
      case "local":
      case "declare":
      case "typeset":
        this.#declare(args, certain);
        break;
      case "printf":
        if (args[0]?.value === "-v" && args[1]?.value !== undefined)
          this.variables.set(args[1].value, undefined);
        break;
      case "let":
        for (const { text } of args) this.mayAssign(text);
        break;
      case "unset":
      case "read":
      case "getopts":
      case "mapfile":
      case "readarray":
        for (const { value } of args) if (value !== undefined) this.variables.set(value, undefined);
        break;
      case ".":
      case "source":
      case "eval":
        this.forget();
        break;
    }
  }

  #changeDirectory(args: readonly ShellWord[], certain: boolean): void {
    const paths = args.filter(
      ({ value }) => value !== "--" && value !== "-P" && value !== "-L" && value !== "-n",
    );
    const value = paths.length === 1 && !itemAt(paths, 0).glob ? itemAt(paths, 0).value : undefined;
    if (!certain || value === undefined || value === "" || /^[-+~]/.test(value)) this.cwd = undefined;
    else if (value.startsWith("/")) this.cwd = cleanPath(value);
    else this.cwd = this.cwd === undefined ? undefined : cleanPath(`${this.cwd}/${value}`);
  }

  #set(args: readonly ShellWord[], certain: boolean): void {
    args.forEach(({ value }, i) => {
      const on =
        value === undefined
          ? undefined
          : /^-[a-zA-Z]*e/.test(value) || (/^-[a-zA-Z]*o$/.test(value) && args[i + 1]?.value === "errexit");
      const off =
        value !== undefined &&
        (/^\+[a-zA-Z]*e/.test(value) || (/^\+[a-zA-Z]*o$/.test(value) && args[i + 1]?.value === "errexit"));
      if (off) this.errexit = false;
      else if (on === true && certain) this.errexit = true;
    });
  }

  /** Forgets every variable that an arithmetic expression or a loop's body names. */
  mayAssign(text: string): void {
    for (const [name] of text.matchAll(/[A-Za-z_][A-Za-z0-9_]*/g))
      if (this.variables.has(name)) this.variables.set(name, undefined);
  }

  #declare(args: readonly ShellWord[], certain: boolean): void {
    for (const { text, value } of args) {
      const assigned = /^([A-Za-z_][A-Za-z0-9_]*)=/.exec(text);
      if (assigned !== null) this.assign(itemAt(assigned, 1), value?.slice(assigned[0].length), certain);
    }
  }
}

/** Returns true for the arguments of an `exit` that fails, such as `exit 1`. */
function failing(args: readonly ShellWord[]): boolean {
  const status = args[0]?.value;
  return status !== undefined && /^\d+$/.test(status) && Number(status) % 256 !== 0;
}

/** Returns true for a command that always fails, such as `exit 1`: if its shell must succeed, the RUN fails too. */
export function alwaysFails(name: string | undefined, args: readonly ShellWord[]): boolean {
  return name === "exit" && failing(args);
}
