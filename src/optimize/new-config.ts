/** The image configuration of the output. */
import type { DiffId } from "../image/digest.ts";
import { applyEdits, parseNodes, setMember, type Edit } from "../image/writing/json-edit.ts";
import { itemAt } from "../must.ts";

/**
 * The image configuration with other diff IDs, and with `empty_layer` where a layer is gone. Every other byte stays
 * (docs/spec/image-formats.md, section 3).
 */
export function newConfig(
  bytes: Buffer,
  diffIds: readonly DiffId[],
  /** Indexes of the history. */
  emptied: ReadonlySet<number>,
): Buffer {
  const text = bytes.toString("latin1");
  const root = parseNodes(text);
  const rootfs = root.kind === "object" ? root.members.get("rootfs") : undefined;
  const old = rootfs?.kind === "object" ? rootfs.members.get("diff_ids") : undefined;
  if (old === undefined) {
    if (diffIds.length === 0) return bytes;
    throw new Error("a configuration with layers has no diff IDs");
  }
  const edits: Edit[] = [{ start: old.start, end: old.end, text: JSON.stringify(diffIds) }];
  if (JSON.stringify(JSON.parse(text.slice(old.start, old.end))) === JSON.stringify(diffIds)) edits.pop();
  const history = root.kind === "object" ? root.members.get("history") : undefined;
  if (history?.kind === "array")
    for (const i of emptied) edits.push(setMember(itemAt(history.items, i), "empty_layer", "true"));
  return Buffer.from(applyEdits(text, edits), "latin1");
}

/** The history entry of each layer; undefined if the numbers of both differ. */
export function historyOfLayers(
  history: readonly { readonly emptyLayer: boolean }[] | undefined,
  layers: number,
): number[] | undefined {
  const found = (history ?? []).flatMap(({ emptyLayer }, i) => (emptyLayer ? [] : [i]));
  return found.length === layers ? found : undefined;
}
