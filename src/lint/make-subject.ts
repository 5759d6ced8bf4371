/** Computes the subject of the rules: the build, the root file system, the origins of layers. */
import { defined } from "../defined.ts";
import { itemAt } from "../must.ts";
import type { OriginOptions } from "../origin/origin-facts.ts";
import { parseDockerfile } from "../dockerfile/parse.ts";
import { resolveBuild } from "../build/resolve-build.ts";
import type { ImageView, Subject } from "../analysis/subject.ts";
import type { DockerfileView } from "../build/build.ts";
import type { BuildContext } from "../context/context.ts";
import type { Image } from "../image/image.ts";

export interface SubjectInput {
  readonly dockerfile?: { readonly name: string; readonly text: string } | undefined;
  readonly image?: Image | undefined;
  /** The build context; `contextOf` opens a folder on disk. */
  readonly context?: BuildContext | undefined;
  /** `--target`: the stage that is built, by name or number. */
  readonly target?: string | undefined;
  readonly origin?: OriginOptions | undefined;
}

/** Computes the facts that rules read: parse ∥ root file system → origin. Throws `UserError` for an unknown stage. */
export async function makeSubject(input: SubjectInput): Promise<Subject> {
  const dockerfile = input.dockerfile === undefined ? undefined : makeView(input.dockerfile, input.target);
  const image =
    input.image === undefined ? undefined : await viewImage(input.image, dockerfile, input.origin ?? {});
  return {
    dockerfile,
    image,
    context: dockerfile === undefined ? undefined : input.context,
    linked: dockerfile !== undefined && image !== undefined && image.origins.matches,
  };
}

function makeView(
  source: { readonly name: string; readonly text: string },
  target: string | undefined,
): DockerfileView {
  const file = parseDockerfile(source.text, source.name);
  return resolveBuild(file, defined({ target }));
}

async function viewImage(
  image: Image,
  dockerfile: DockerfileView | undefined,
  options: OriginOptions,
): Promise<ImageView> {
  // loaded only when there is an image
  const [{ applyLayers }, { fixedLayersOf, originsOf }] = await Promise.all([
    import("../rootfs/apply.ts"),
    import("../origin/origins.ts"),
  ]);
  const draft = applyLayers(image.layers, { os: image.config.platform.os });
  await image.hash(
    draft.questions.map(({ layer, entry }) => ({ layer: itemAt(image.layers, layer), entry })),
  );
  const rootfs = draft.settle();
  const origins = originsOf(image, dockerfile, options);
  return { image, rootfs, origins, fixedLayers: fixedLayersOf(origins) };
}
