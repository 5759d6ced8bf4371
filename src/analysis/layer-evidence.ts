/** Evidence in the layers of a linked image about one instruction. */
import { toBytes } from "../byte-path.ts";
import type { Instruction } from "../dockerfile/dockerfile.ts";
import type { Cause } from "../rootfs/rootfs.ts";
import type { BuildSubject, ImageView } from "./subject.ts";

/**
 * Returns true if layers show what an instruction did: a layer, or an empty history entry, is linked to it by more
 * than a guess. Then nothing is predicted about the instruction (docs/spec/history.md, section 2, step 4).
 */
export function isProvenByLayers({ image }: Pick<BuildSubject, "image">, instruction: Instruction): boolean {
  if (image === undefined) return false;
  const { layers, links } = image.origins;
  return (
    layers.some(
      (origin) =>
        sure(origin.certainty) &&
        origin.instruction !== undefined &&
        origin.instruction.index <= instruction.index &&
        instruction.index <= (origin.lastInstruction ?? origin.instruction).index,
    ) || links.some((link) => sure(link.certainty) && link.instruction?.index === instruction.index)
  );
}

/** Returns the only layer that an instruction made; undefined when the link is a guess. */
export function layerOf(
  { image }: Pick<BuildSubject, "image">,
  instruction: Instruction,
): number | undefined {
  return image?.origins.layers.find(
    (origin) =>
      sure(origin.certainty) &&
      origin.instruction?.index === instruction.index &&
      (origin.lastInstruction ?? origin.instruction).index === instruction.index,
  )?.layer;
}

/**
 * Returns true if the layers show that a later layer took away the file, or something in the folder, that the image's
 * own layers added. Such a finding is proven, whether or not its layers are linked to lines. `path` is absolute.
 */
export function isDeadInLayers(
  { image }: Pick<BuildSubject, "image">,
  path: string,
  causes: readonly Cause[],
): boolean {
  if (image === undefined) return false;
  return deadPaths(image, causes).has(toBytes(path.replace(/^\/|\/$/g, "")));
}

/** Returns the paths of dead files above the base, and of all folders that they are in. */
function deadPaths(image: ImageView, causes: readonly Cause[]): ReadonlySet<string> {
  const known = dead.get(image) ?? new Map<string, ReadonlySet<string>>();
  dead.set(image, known);
  const key = causes.join();
  let paths = known.get(key);
  if (paths === undefined) {
    const found = new Set<string>();
    for (const { path, addedIn, cause } of image.rootfs.deadFiles) {
      if (addedIn < image.origins.base.layers || !causes.includes(cause)) continue;
      let each: string = path;
      while (each !== "" && !found.has(each)) {
        found.add(each);
        each = each.slice(0, Math.max(0, each.lastIndexOf("/")));
      }
    }
    known.set(key, (paths = found));
  }
  return paths;
}

const dead = new WeakMap<ImageView, Map<string, ReadonlySet<string>>>();

function sure(certainty: string): boolean {
  return certainty === "exact" || certainty === "aligned";
}
