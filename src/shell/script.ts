/** The types of a RUN's script: commands, words and redirects, with offsets into the Dockerfile. */
import type { Range } from "../dockerfile/dockerfile.ts";

/** One word of a command. Ranges are UTF-16 offsets into the Dockerfile. */
export interface ShellWord extends Range {
  /** As written. */
  readonly text: string;
  /**
   * The value the shell would pass, quotes removed; undefined when it depends on a variable, a command substitution or
   * arithmetic that is not known. Known ENV and ARG values are filled in. A glob stays as written: `/tmp/*`.
   */
  readonly value: string | undefined;
  /** The word has an unquoted `*`, `?` or `[`. */
  readonly glob: boolean;
}

export interface Assignment extends Range {
  readonly name: string;
  readonly value: string | undefined;
}

export interface Redirect extends Range {
  /** `>`, `>>`, `<`, `2>`, `&>`, `<<`, … */
  readonly operator: string;
  readonly target: ShellWord | undefined;
}

/** A variable that a script sets in the environment of the commands that follow, and the changes before it. */
export interface EnvironmentChange {
  readonly name: string;
  /** Undefined when the value is not known. */
  readonly value: string | undefined;
  readonly before: EnvironmentChange | undefined;
}

/**
 * One simple command that the RUN may execute: in a list, a subshell or a loop, after `sudo` or `env`, or inside `sh
 * -c '…'`.
 */
export interface Command extends Range {
  /**
   * Base name of the command word (`/usr/bin/apt-get` → `apt-get`), with wrappers removed; undefined when not
   * literal.
   */
  readonly name: string | undefined;
  /** The command word as written; undefined where there is none (`> file`). */
  readonly word: ShellWord | undefined;
  /** The words after the name. */
  readonly args: readonly ShellWord[];
  /** `A=1 cmd`: assignments before the command, and those of `env A=1 cmd`. */
  readonly assignments: readonly Assignment[];
  /** The last change of the environment before the command, besides `assignments`. */
  readonly environment: EnvironmentChange | undefined;
  readonly redirects: readonly Redirect[];
  /** Wrappers that were removed, outermost first: `sudo`, `env`, `sh`, `bash`, `time`, `exec`, `xargs`, `find`, … */
  readonly through: readonly string[];
  /**
   * False when the command might not run although the RUN succeeds: after `||`, in an `if` or `case` branch, a loop,
   * a function body, after a `;` chain that may exit early.
   */
  readonly certain: boolean;
  /** Working directory at the command when it is literal (WORKDIR and `cd` followed), else undefined. */
  readonly cwd: string | undefined;
}

/** One part of a script's top level: `a`, `b` and `c` of `a && b; c`. */
export interface ListItem extends Range {
  /** The operator between the previous item and this one; undefined for the first. */
  readonly joint: "&&" | "||" | ";" | "\n" | "&" | undefined;
  /** `simple`: one simple command. `group`: `{ …; }` or `( … )`. `other`: pipelines, loops, conditions, functions. */
  readonly kind: "simple" | "group" | "other";
  /** The item has a shell heredoc, whose body follows on the next lines. */
  readonly heredoc: boolean;
}

/** The top level of a script, with ranges in the Dockerfile. */
export interface List {
  readonly items: readonly ListItem[];
  /** The last item runs in the background. */
  readonly background: boolean;
  /** The shell ends at the first command that fails: by its flags, or because the first item is `set -e`. */
  readonly errexit: boolean;
  /** The body of a heredoc: a new line begins a new item, and the escape character means nothing. */
  readonly inHeredoc: boolean;
}

/** What the body of a RUN executes, in order of the text. */
export interface Script {
  readonly commands: readonly Command[];
  /** Undefined for the exec form, and where the script was not understood. */
  readonly list: List | undefined;
  /** The shell that reads the script; `other` for cmd, PowerShell and unknown SHELLs, whose commands are not parsed. */
  readonly shell: "posix" | "other" | "none";
  /** False when the shell parser reported an error, or the body is not understood: then nothing may be concluded from what is absent. */
  readonly complete: boolean;
}
