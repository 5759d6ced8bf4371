/** All that the golden set takes from the product and from the test support; when code moves, only this file follows. */
import { mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { allRules } from "../../rules/index.ts";
import { layerCases } from "../optimize/layer-cases.ts";
import { dockerArchive, tarOf, type Parts } from "../support/archive.ts";
import { layerlint } from "../support/command.ts";
import { packSketches } from "../support/sketch.ts";
import { subjectOf } from "../support/subject.ts";

export { layerlint, tarOf };

export interface ExampleImage {
  readonly name: string;
  readonly dockerfile: string;
  readonly layers: readonly string[] | undefined;
  readonly builtFrom: string | undefined;
  /** The files beside the Dockerfile, with their sizes. */
  readonly context: Readonly<Record<string, number>>;
}

/** The documented examples of every rule, by its id. */
export const examplesByRule: ReadonlyMap<string, readonly ExampleImage[]> = new Map(
  allRules.map(({ id, docs }) => [
    id,
    (["bad", "good"] as const).flatMap((kind) =>
      docs[kind].map(({ dockerfile, layers, builtFrom, context }, i) => ({
        name: `${kind}-${i + 1}`,
        dockerfile,
        layers,
        builtFrom,
        context: context ?? {},
      })),
    ),
  ]),
);

const largestFile = 64 * 2 ** 20;

/**
 * A docker-archive of an example's layers, with the history that BuildKit would write for its Dockerfile; undefined where
 * the example has no layers, or a file that is too large to be made for a test.
 */
export async function exampleArchive({
  dockerfile,
  layers,
  builtFrom,
}: ExampleImage): Promise<Buffer | undefined> {
  if (layers === undefined) return undefined;
  const subject = await subjectOf({ dockerfile: builtFrom ?? dockerfile, layers });
  const image = subject.image?.image;
  if (image === undefined) throw new Error("a subject with layers has an image");
  if (image.layers.some(({ entries }) => entries.some(({ storedBytes }) => storedBytes > largestFile)))
    return undefined;
  const history = image.config.history?.map(({ createdBy, emptyLayer, comment }) => ({
    created_by: createdBy ?? "",
    empty_layer: emptyLayer,
    ...(comment === undefined ? {} : { comment }),
  }));
  return archive({ layers: await packSketches(layers), ...(history === undefined ? {} : { history }) });
}

/** The layer cases by a name for files; layers stay uncompressed, because gzip's output depends on the version of zlib. */
export const stackNames: readonly string[] = layerCases.map(({ name }) => name.replace(/[^\w]+/g, "-"));

export async function stackArchive(name: string): Promise<Buffer> {
  const found = layerCases[stackNames.indexOf(name)];
  if (found === undefined) throw new Error(`no layer case is called ${name}`);
  const { layers, history, platform, linked } = found;
  return archive({
    layers: await packSketches(layers),
    ...(history === undefined ? {} : { history }),
    ...(platform === undefined ? {} : { platform }),
    ...(linked === undefined ? {} : { linked }),
  });
}

function archive(parts: Parts): Promise<Buffer> {
  return tarOf(dockerArchive(parts));
}

/** Writes files below a folder; a number makes a file of that many bytes. */
export function writeFiles(folder: string, files: Readonly<Record<string, string | Buffer | number>>): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === "number" ? "" : content);
    if (typeof content === "number") truncateSync(file, content);
  }
}
