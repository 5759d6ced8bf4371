/** Turns links of history entries into origins of layers. */
import { itemAt } from "../must.ts";
import type { ImageConfig } from "../image/image.ts";
import type { Base, Certainty, HistoryLink, LayerOrigin } from "./origin.ts";
import type { HistoryRecord } from "./history-record.ts";

/** Returns the origin of each layer: the k-th non-empty entry made layer k. */
export function layerOrigins(
  records: readonly HistoryRecord[],
  links: readonly HistoryLink[],
  base: Base,
  config: Pick<ImageConfig, "labels">,
): LayerOrigin[] {
  const byStage = isBuildah(records, config);
  const origins: LayerOrigin[] = [];
  let groupStart = base.history;
  records.forEach((record, e) => {
    if (record.emptyLayer) return;
    const link = itemAt(links, e);
    const layer = origins.length;
    const group = links.slice(Math.min(groupStart, e), e + 1);
    const isStage =
      byStage &&
      e >= base.history &&
      group.some(({ history }) => history !== e && makesFiles(itemAt(records, history)));
    const shared = { layer, history: e, createdBy: link.createdBy, inBase: layer < base.layers };
    if (isStage) origins.push({ ...shared, ...stageRange(group) });
    else {
      const { instruction, certainty } = link;
      origins.push({ ...shared, instruction, lastInstruction: instruction, certainty });
    }
    groupStart = Math.max(groupStart, e + 1);
  });
  return origins;
}

/**
 * Without `--layers`, buildah and Podman make one layer of a whole stage, whose files may come from any of its lines.
 */
function stageRange(
  group: readonly HistoryLink[],
): Pick<LayerOrigin, "instruction" | "lastInstruction" | "certainty"> {
  const linked = group.filter(({ instruction }) => instruction !== undefined);
  const weakest: Certainty =
    linked.length === 0
      ? "none"
      : linked.length === group.length && linked.every(({ certainty }) => certainty !== "guessed")
        ? "aligned"
        : "guessed";
  return {
    instruction: linked[0]?.instruction,
    lastInstruction: linked.at(-1)?.instruction,
    certainty: weakest,
  };
}

function makesFiles({ keyword, emptyLayer }: HistoryRecord): boolean {
  return emptyLayer && (keyword === "RUN" || keyword === "COPY" || keyword === "ADD");
}

/** Detects buildah. The classic builder also records RUNs without a layer, but those changed no files. */
function isBuildah(records: readonly HistoryRecord[], config: Pick<ImageConfig, "labels">): boolean {
  return (
    config.labels["io.buildah.version"] !== undefined ||
    records.some(
      ({ style, keyword, isClassic, comment }) =>
        /^FROM \S/.test(comment) ||
        (style === "nop" && !isClassic && keyword !== "COPY" && keyword !== "ADD" && keyword !== "WORKDIR"),
    )
  );
}
