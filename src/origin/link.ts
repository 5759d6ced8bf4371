/** Links a Dockerfile and an image: resolves the build with what the base sets, where the image shows it. */
import type { DockerfileView } from "../build/build.ts";
import { resolveBuild, type ViewOptions } from "../build/resolve-build.ts";
import { defined } from "../defined.ts";
import type { Dockerfile } from "../dockerfile/dockerfile.ts";
import { builderOf } from "./builder-of.ts";
import { inheritedOf } from "./inherited.ts";
import type { OriginFacts, OriginOptions } from "./origin-facts.ts";
import type { Origins } from "./origin.ts";
import { originsOf } from "./origins.ts";

export interface LinkOptions extends Pick<ViewOptions, "target" | "builder"> {
  readonly origin?: OriginOptions;
}

export interface Linked {
  readonly view: DockerfileView | undefined;
  readonly origins: Origins;
}

/** Throws `UserError` for an unknown stage, and when the given base cannot be this image's. */
export function link(
  image: OriginFacts,
  file: Dockerfile | undefined,
  { target, builder: given, origin = {} }: LinkOptions = {},
): Linked {
  if (file === undefined) return { view: undefined, origins: originsOf(image, undefined, origin) };
  const builder = given ?? builderOf(image.config);
  const plain = resolveBuild(file, defined({ target, builder }));
  const inherited = inheritedOf(plain, image, origin);
  const view = resolveBuild(file, defined({ target, builder, inherited }));
  const origins = originsOf(image, view, origin);
  // an image built from another Dockerfile says nothing about the base of this one
  return { view: origins.matches || origin.bases !== undefined ? view : plain, origins };
}
