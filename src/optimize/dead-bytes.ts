import type { Layer } from "../image/image.ts";
import { fromTheTop } from "./plan/liveness.ts";
import { roleOf } from "./plan/names.ts";

/** Content bytes of files of one layer that no container sees, whatever is done about it. */
export function deadBytesIn(layers: readonly Layer[], layer: number): number {
  let bytes = 0;
  fromTheTop(
    layers,
    () => false,
    (index, above) => {
      if (index !== layer) return;
      const { entries } = layers[index]!;
      const linked = new Set(entries.flatMap(({ kind, link }) => (kind === "hardlink" ? [link] : [])));
      for (const entry of entries) {
        const { kind, path, size } = entry;
        // one of its other names may be seen
        if (kind !== "file" || linked.has(path) || roleOf(entry).kind !== "ordinary") continue;
        if (above.covered(path) || above.put(path) !== undefined) bytes += size;
      }
    },
  );
  return bytes;
}
