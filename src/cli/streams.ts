/** The streams and exit codes of the command. */
import type { Environment } from "../app/environment.ts";
import type { Masker } from "../app/masker.ts";
import { defined } from "../defined.ts";

/** The outside world of a command; tests pass their own. */
export interface Streams {
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: Output;
  readonly stderr: Output;
  /** The working folder; configurations are searched for in it and above. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** The file that starts the command, also in worker threads; undefined: no worker threads. */
  readonly launcher?: string;
  readonly heap?: Environment["heap"];
}

/** The streams of one run. Standard error masks every message; standard output is given masked reports only. */
export interface RunStreams extends Streams {
  readonly masker: Masker;
}

/** Masks each message on standard error as a whole: errors may quote file names and lines of any input. */
export function maskedStreams(streams: Streams, masker: Masker): RunStreams {
  const { stdout, stderr, cwd, env, signal } = streams;
  return {
    // opened on first use
    get stdin() {
      return streams.stdin;
    },
    stdout,
    stderr: {
      write: (text) => stderr.write(masker.text(text)),
      isTTY: stderr.isTTY,
      columns: stderr.columns,
    },
    cwd,
    env,
    signal,
    ...defined({ launcher: streams.launcher, heap: streams.heap }),
    masker,
  };
}

export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** Exit codes of the command (ARCHITECTURE.md, "Contracts"). */
export const exitCodes = { clean: 0, findings: 1, trouble: 2 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/**
 * Formats an error message as one line without control characters, because file names of an image may hold any
 * character.
 */
export function complaint(message: string): string {
  // oxlint-disable-next-line no-control-regex
  const line = message.replace(/[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g, (c) =>
    c === "\n" || c === "\t" ? " " : "\ufffd",
  );
  return `layerlint: ${line}\n`;
}
