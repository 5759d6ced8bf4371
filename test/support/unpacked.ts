import type { Entry } from "../../src/image/image.ts";
import type { UnpackedNode } from "../../src/optimize/plan/unpacked.ts";

/** Every name of a tree and what provides it; undefined for a directory that nothing describes. */
export function* namesOf(
  { entry, children }: UnpackedNode,
  path = "",
): Generator<readonly [path: string, entry: Entry | undefined]> {
  yield [path, entry];
  for (const [name, child] of children ?? []) yield* namesOf(child, path === "" ? name : `${path}/${name}`);
}
