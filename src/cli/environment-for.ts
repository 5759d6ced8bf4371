/** Makes the environment of the use cases from the streams of the command. */
import type { Environment } from "../app/environment.ts";
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
  for (const { message } of problems) stderr.write(complaint(message));
}
