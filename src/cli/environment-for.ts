/** Makes the environment of the use cases from the streams of the command. */
import type { Environment } from "../app/environment.ts";
import { visible } from "../format.ts";
import type { Run } from "../app/run-targets.ts";
import { ProgressLine } from "./progress.ts";
import { complaint, type RunStreams } from "./streams.ts";

export function environmentFor(streams: RunStreams): {
  readonly environment: Environment;
  readonly progress: ProgressLine;
} {
  const progress = new ProgressLine(streams.stderr, streams.masker);
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
    masker: streams.masker,
  };
  return { environment, progress };
}

export function printProblems({ problems }: Pick<Run, "problems">, { stderr }: RunStreams): void {
  for (const { message, isBug } of problems) {
    const [line = "", ...stack] = isBug ? message.split("\n") : [message];
    stderr.write([complaint(line), ...stack.map((frame) => `${visible(frame)}\n`)].join(""));
  }
}
