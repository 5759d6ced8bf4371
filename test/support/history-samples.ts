/** fixtures/history/history-samples.json: what real builders wrote for small Dockerfiles. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { resolveBuild } from "../../src/build/resolve-build.ts";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import { asDiffId } from "../../src/image/digest.ts";
import type { HistoryEntry, ImageConfig } from "../../src/image/image.ts";
import type { OriginFacts } from "../../src/origin/origin-facts.ts";
import type { DockerfileView } from "../../src/rule/contract.ts";
import { bareConfig } from "./sketch.ts";

interface RawRecord {
  readonly builder: string;
  readonly dockerfile: string;
  readonly sameAs?: string;
  readonly fromHistory: number;
  readonly layers: number;
  readonly lines: readonly number[];
  readonly history: readonly {
    created_by?: string;
    comment?: string;
    author?: string;
    empty_layer?: boolean;
  }[];
}

export interface Sample {
  readonly name: string;
  readonly builder: string;
  readonly dockerfile: string;
  readonly text: string;
  readonly fromHistory: number;
  readonly lines: readonly number[];
  readonly history: readonly HistoryEntry[];
}

const file = join(import.meta.dirname, "../../fixtures/history/history-samples.json");
const raw = JSON.parse(readFileSync(file, "utf8")) as {
  dockerfiles: Record<string, string>;
  records: readonly RawRecord[];
};

/** All records; one that is the same as another builder's has that one's history. */
export const samples: readonly Sample[] = raw.records.map((record) => {
  const source = record.sameAs === undefined ? record : resolve(record);
  return {
    name: `${record.builder}: ${record.dockerfile}`,
    builder: record.builder,
    dockerfile: record.dockerfile,
    text: raw.dockerfiles[record.dockerfile]!,
    fromHistory: source.fromHistory,
    lines: source.lines,
    history: source.history.map((entry) => ({
      ...(entry.created_by === undefined ? {} : { createdBy: entry.created_by }),
      ...(entry.comment === undefined ? {} : { comment: entry.comment }),
      ...(entry.author === undefined ? {} : { author: entry.author }),
      emptyLayer: entry.empty_layer === true,
    })),
  };
});

function resolve(record: RawRecord): RawRecord {
  const target = raw.records.find(
    (each) => each.builder === record.sameAs && each.dockerfile === record.dockerfile,
  );
  if (target === undefined) throw new Error(`${record.builder}: ${record.dockerfile} is the same as nothing`);
  return target.sameAs === undefined ? target : resolve(target);
}

export function viewOf(text: string): DockerfileView {
  return resolveBuild(parseDockerfile(text, "Dockerfile"));
}

/** As much of an image as origins need: as many layers as the history makes. */
export function factsOf(
  history: readonly HistoryEntry[],
  rest: Partial<Pick<OriginFacts, "annotations" | "attestations">> & { labels?: Record<string, string> } = {},
): OriginFacts {
  const diffIds = history
    .filter(({ emptyLayer }) => !emptyLayer)
    .map((_, i) => asDiffId(`sha256:${String(i).padStart(64, "0")}`));
  const config: ImageConfig = {
    ...bareConfig,
    labels: rest.labels ?? {},
    diffIds,
    history,
    raw: {},
  };
  return {
    name: "image.tar",
    config,
    annotations: rest.annotations ?? {},
    attestations: rest.attestations ?? [],
    layers: diffIds.map((diffId) => ({ diffId })),
  };
}
