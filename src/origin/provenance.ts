/**
 * Reads BuildKit provenance of mode max (docs/spec/history.md, section 3): the exact base boundary and the line of
 * each layer.
 */
import { itemAt } from "../must.ts";
import type { OriginFacts } from "./origin-facts.ts";
import { fieldOf, isRecord } from "../records.ts";

export interface Provenance {
  /** Length of the FROM step's chain of layers; 0 for FROM scratch. */
  readonly baseLayers: number;
  /** Text of the Dockerfile that was built; undefined when the provenance does not hold it. */
  readonly dockerfile: string | undefined;
  /** First line of the instruction that made each layer. */
  readonly lineOf: ReadonlyMap<number, number>;
}

const buildkit = "https://mobyproject.org/buildkit@v1#metadata";

/**
 * Returns the provenance of an image; undefined without provenance, with mode min, and when no chain of layers is
 * this image's.
 */
export function provenanceOf(image: OriginFacts): Provenance | undefined {
  for (const { predicateType, predicate } of image.attestations) {
    if (!predicateType.startsWith("https://slsa.dev/provenance/")) continue;
    const found = readPredicate(predicate, image);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Reads a predicate of SLSA v1 or v0.2. */
function readPredicate(predicate: unknown, image: OriginFacts): Provenance | undefined {
  const v1 = fieldOf(predicate, "runDetails", "metadata");
  const metadata =
    fieldOf(v1, "buildkit_metadata") ?? fieldOf(v1, buildkit) ?? fieldOf(predicate, "metadata", buildkit);
  const definition =
    fieldOf(predicate, "buildDefinition", "internalParameters", "buildConfig", "llbDefinition") ??
    fieldOf(predicate, "buildConfig", "llbDefinition");
  const chains = readChains(fieldOf(metadata, "layers"));
  const whole = chains.find(({ digests }) => isImage(digests, image));
  if (whole === undefined) return undefined;
  const own = chains.filter(({ digests }) => digests.every((digest, i) => digest === whole.digests[i]));
  const sources = sourceSteps(definition);
  const bases = own.filter(({ step }) => sources.has(step)).map(({ digests }) => digests.length);
  const baseLayers = Math.max(0, ...bases);
  const lineOf = new Map<number, number>();
  for (const { step, digests } of own) {
    const line = lineOfStep(fieldOf(metadata, "source", "locations", step));
    if (digests.length > baseLayers && line !== undefined) lineOf.set(digests.length - 1, line);
  }
  return { baseLayers, dockerfile: sourceText(fieldOf(metadata, "source", "infos")), lineOf };
}

interface Chain {
  readonly step: string;
  /** Digests of the layers up to and including this step's; never empty. */
  readonly digests: readonly string[];
}

/** Reads `{"step3:0": [[descriptor, …], …]}`. A step that is not in the image has an empty chain. */
function readChains(layers: unknown): Chain[] {
  if (!isRecord(layers)) return [];
  return Object.entries(layers).flatMap(([output, chains]) =>
    asArray(chains).flatMap((chain) => {
      const digests = asArray(chain).map((descriptor) => fieldOf(descriptor, "digest"));
      const isComplete = digests.length > 0 && digests.every((digest) => typeof digest === "string");
      return isComplete ? [{ step: output.replace(/:\d+$/, ""), digests }] : [];
    }),
  );
}

/** Returns true if the digests are this image's: of blobs, or with the graph-driver store diff IDs. */
function isImage(digests: readonly string[], { layers }: OriginFacts): boolean {
  return (
    digests.length === layers.length &&
    (digests.every((digest, i) => digest === itemAt(layers, i).diffId) ||
      digests.every((digest, i) => digest === itemAt(layers, i).digest))
  );
}

function sourceSteps(definition: unknown): Set<string> {
  const steps = asArray(definition).flatMap((step) => {
    const id = fieldOf(step, "id");
    const identifier = fieldOf(step, "op", "Op", "source", "identifier");
    const isImageSource = typeof identifier === "string" && /^(?:docker-image|oci-layout):/.test(identifier);
    return typeof id === "string" && isImageSource ? [id] : [];
  });
  return new Set(steps);
}

/** Returns the smallest line of all ranges, as a heredoc has one range per line. Lines count from 1. */
function lineOfStep(location: unknown): number | undefined {
  const lines = asArray(fieldOf(location, "locations")).flatMap((each) => {
    // a source index of 0 is omitted
    if ((fieldOf(each, "sourceIndex") ?? 0) !== 0) return [];
    return asArray(fieldOf(each, "ranges")).flatMap((range) => {
      const line = fieldOf(range, "start", "line");
      return typeof line === "number" ? [line] : [];
    });
  });
  return lines.length === 0 ? undefined : Math.min(...lines);
}

function sourceText(infos: unknown): string | undefined {
  const data = fieldOf(asArray(infos)[0], "data");
  return typeof data === "string"
    ? new TextDecoder().decode(Uint8Array.from(atob(data), (c) => c.charCodeAt(0)))
    : undefined;
}

/** Compares two texts, ignoring the kind of line ends. */
export function isSameText(a: string, b: string): boolean {
  const normal = (text: string) =>
    text
      .replace(/^\ufeff/, "")
      .replace(/\r\n/g, "\n")
      .trimEnd();
  return normal(a) === normal(b);
}

function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
