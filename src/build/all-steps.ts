/** Lists the steps of all stages. */
import type { DockerfileView, Step } from "./build.ts";

/** Every instruction of every stage, without the FROMs, in the order of the file. */
export function allSteps({ stages }: DockerfileView): Step[] {
  return stages.flatMap(({ steps }) => steps);
}
