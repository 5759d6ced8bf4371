/** `layerlint init`: writes a starter configuration. */
import { writeStarterConfig } from "../app/configs/starter-config.ts";
import { exitCodes, type ExitCode, type RunStreams } from "./streams.ts";

export async function initCommand(streams: RunStreams): Promise<ExitCode> {
  const name = writeStarterConfig(streams.cwd);
  streams.stderr.write(`layerlint: wrote ${name}; every setting in it is commented out\n`);
  return exitCodes.clean;
}
