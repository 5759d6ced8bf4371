/** Computes the subject of the rules: the build, the root file system, the origins of layers. */
import { likelyContext } from "../analysis/likely-context.ts";
import type { Subject } from "../analysis/subject.ts";
import type { DockerfileView, Inherited } from "../build/build.ts";
import type { BuilderName } from "../build/builders.ts";
import { resolveBuild } from "../build/resolve-build.ts";
import type { BuildContext } from "../context/context.ts";
import { defined } from "../defined.ts";
import type { Dockerfile } from "../dockerfile/dockerfile.ts";
import { parseDockerfile } from "../dockerfile/parse.ts";
import type { Image } from "../image/image.ts";
import { itemAt } from "../must.ts";
import type { OriginOptions } from "../origin/origin-facts.ts";

interface DockerfileSource {
  readonly name: string;
  readonly text: string;
  /** Where it lies in the project, without folders that are the user's own; the name by default. */
  readonly place?: string | undefined;
}

export interface SubjectInput {
  readonly dockerfile?: DockerfileSource | undefined;
  readonly image?: Image | undefined;
  /** The build context; `contextOf` opens a folder on disk. */
  readonly context?: BuildContext | undefined;
  /** Folders above the context that the Dockerfile may be built from instead, the nearest first. */
  readonly above?: readonly BuildContext[] | undefined;
  /** `--target`: the stage that is built, by name or number. */
  readonly target?: string | undefined;
  readonly origin?: OriginOptions | undefined;
  /** `--builder`; by default the history of the image tells, if it can. */
  readonly builder?: BuilderName | undefined;
  /** What the base sets, where an earlier subject of the Dockerfile knows it. */
  readonly inherited?: Inherited | undefined;
}

/** Computes the facts that rules read: parse ∥ root file system → origin. Throws `UserError` for an unknown stage. */
export async function makeSubject(input: SubjectInput): Promise<Subject> {
  const { dockerfile: source, image, origin = {} } = input;
  const options = defined({ target: input.target, builder: input.builder });
  const likely = (view: DockerfileView) => likelyContext(view, input.context, input.above ?? []);
  const file = source === undefined ? undefined : parseDockerfile(source.text, source.name, source.place);
  if (image === undefined) {
    const inherited = input.inherited ?? (await inheritedFrom(file, origin));
    const dockerfile = file && resolveBuild(file, { ...options, ...defined({ inherited }) });
    return { dockerfile, image: undefined, context: dockerfile && likely(dockerfile), linked: false };
  }
  // loaded only when there is an image
  const [{ applyLayers }, { fixedLayersOf }, { link }] = await Promise.all([
    import("../rootfs/apply.ts"),
    import("../origin/origins.ts"),
    import("../origin/link.ts"),
  ]);
  // an unknown stage is an error before the image is read further
  const { view: dockerfile, origins } = link(image, file, { ...options, origin });
  const draft = applyLayers(image.layers, { os: image.config.platform.os });
  await image.hash(
    draft.questions.map(({ layer, entry }) => ({ layer: itemAt(image.layers, layer), entry })),
  );
  const rootfs = draft.settle();
  return {
    dockerfile,
    image: { image, rootfs, origins, fixedLayers: fixedLayersOf(origins) },
    context: dockerfile && likely(dockerfile),
    linked: dockerfile !== undefined && origins.matches,
  };
}

/** Returns what `--base` says of the base of a Dockerfile without an image. */
async function inheritedFrom(
  file: Dockerfile | undefined,
  origin: OriginOptions,
): Promise<Inherited | undefined> {
  if (file === undefined || origin.bases === undefined) return undefined;
  const { inheritedOf } = await import("../origin/inherited.ts");
  return inheritedOf(resolveBuild(file), undefined, origin);
}
