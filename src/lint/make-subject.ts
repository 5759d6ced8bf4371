/** Computes the subject of the rules: the build, the root file system, the origins of layers. */
import type { ImageView, Subject } from "../analysis/subject.ts";
import type { DockerfileView } from "../build/build.ts";
import type { BuilderName } from "../build/builders.ts";
import { resolveBuild, type ViewOptions } from "../build/resolve-build.ts";
import type { BuildContext } from "../context/context.ts";
import { defined } from "../defined.ts";
import { parseDockerfile } from "../dockerfile/parse.ts";
import type { Image } from "../image/image.ts";
import { itemAt } from "../must.ts";
import { builderOf } from "../origin/builder-of.ts";
import type { OriginOptions } from "../origin/origin-facts.ts";

export interface SubjectInput {
  readonly dockerfile?: { readonly name: string; readonly text: string } | undefined;
  readonly image?: Image | undefined;
  /** The build context; `contextOf` opens a folder on disk. */
  readonly context?: BuildContext | undefined;
  /** `--target`: the stage that is built, by name or number. */
  readonly target?: string | undefined;
  readonly origin?: OriginOptions | undefined;
  /** `--builder`; by default the history of the image tells, if it can. */
  readonly builder?: BuilderName | undefined;
}

/** Computes the facts that rules read: parse ∥ root file system → origin. Throws `UserError` for an unknown stage. */
export async function makeSubject(input: SubjectInput): Promise<Subject> {
  const builder = input.builder ?? (input.image === undefined ? undefined : builderOf(input.image.config));
  const dockerfile =
    input.dockerfile === undefined
      ? undefined
      : makeView(input.dockerfile, defined({ target: input.target, builder }));
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
  options: ViewOptions,
): DockerfileView {
  return resolveBuild(parseDockerfile(source.text, source.name), options);
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
