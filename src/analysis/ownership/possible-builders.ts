/** Names the builders that may build a Dockerfile. */
import type { DockerfileView } from "../../build/build.ts";
import { builderNames, type BuilderName } from "../../build/builders.ts";
import { heredocsOf } from "../../dockerfile/dockerfile.ts";

/** Flags that the classic builder refuses. */
const newerFlags = ["chmod", "link", "mount", "parents", "exclude", "checksum", "network", "security"];

/** Returns the builder if it is known, else all that accept what the Dockerfile says. */
export function possibleBuilders({ builder, stages }: DockerfileView): readonly BuilderName[] {
  if (builder !== undefined) return [builder];
  const isNewer = stages.some(({ steps }) =>
    steps.some(
      ({ instruction }) =>
        heredocsOf(instruction).length > 0 || instruction.flags.some(({ name }) => newerFlags.includes(name)),
    ),
  );
  return isNewer ? builderNames.filter((name) => name !== "docker-classic") : builderNames;
}
