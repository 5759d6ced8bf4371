/** Makes the environment of the use cases from the streams of the command. */
import type { Environment } from "../app/environment.ts";
import { visible } from "../format.ts";
import type { Run } from "../app/run-targets.ts";
import { ProgressLine } from "./progress.ts";
import { complaint, type Streams } from "./streams.ts";

export function environmentFor(streams: Streams): {
  readonly environment: Environment;
  readonly progress: ProgressLine;
} {
  const progress = new ProgressLine(streams.stderr);
  const environment: Environment = {
    signal: streams.signal,
    onProgress: progress.update,
    // opened on first use
    get stdin() {
      return streams.stdin;
    },
    cwd: streams.cwd,
    onNote: (message) => streams.stderr.write(complaint(message)),
    launcher: streams.launcher,
    heap: streams.heap,
  };
  return { environment, progress };
}

export function printProblems({ problems }: Pick<Run, "problems">, { stderr }: Streams): void {
  for (const { message, isBug } of problems) {
    const [line = "", ...stack] = isBug ? message.split("\n") : [message];
    stderr.write([complaint(line), ...stack.map((frame) => `${visible(frame)}\n`)].join(""));
  }
}
