/** Chooses the build context where nobody names it: the folder of the Dockerfile, or one above it. */
import type { DockerfileView } from "../build/build.ts";
import type { BuildContext } from "../context/context.ts";

/**
 * Returns the folder of the Dockerfile unless it lacks what a COPY or ADD names and a folder above it has all that they
 * name, a path through a folder among it: such a Dockerfile is built from there. `above` begins with the nearest.
 */
export function likelyContext(
  { stages }: DockerfileView,
  own: BuildContext | undefined,
  above: readonly BuildContext[],
): BuildContext | undefined {
  if (own === undefined || above.length === 0) return own;
  const named = stages.flatMap(({ steps }) =>
    steps.flatMap(({ sources }) => (sources === undefined || sources.parents ? [] : sources.paths)),
  );
  const missing = named.filter((path) => own.lacks(path));
  // a file name alone says little: what a build makes may be in the folder above, too
  if (!missing.some((path) => /[^/.]\/+[^/]/.test(path))) return own;
  return above.find((context) => !named.some((path) => context.lacks(path))) ?? own;
}
