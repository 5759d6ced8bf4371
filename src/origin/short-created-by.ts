/** Formats history entries for people. */
import type { HistoryEntry } from "../image/image.ts";
import { readRecord } from "./history-record.ts";
import { squeeze } from "./text.ts";

/**
 * `/bin/sh -c #(nop) COPY file:1f… in /x ` → `COPY file:1f… in /x`; `|1 A=b /bin/sh -c make` → `RUN make`. Returns
 * one line. Build arguments may be secret: if no shell marks their end, the whole command is hidden (`RUN …`).
 */
export function shortCreatedBy(createdBy: string): string {
  const entry: HistoryEntry = { createdBy, emptyLayer: false };
  const { style, keyword, text } = readRecord(entry);
  const shown = squeeze(text).replace(/((?:file|dir|multi):[0-9a-f]{8})[0-9a-f]{20,}/g, "$1…");
  if (keyword === undefined) return squeeze(createdBy);
  if (keyword !== "RUN") return `${keyword} ${shown}`.trimEnd();
  const command = shown.replace(
    /^(?:\|\d+ (?:[A-Za-z_]\w*=.*? )?)?(?:\/\S*\/)?(?:ba|da|a|k|z)?sh (?:-[a-z]+ (?:pipefail )?)*-[a-z]*c /,
    "",
  );
  if (/^\|\d+ /.test(command)) return "RUN …";
  return style === "keyword" || command !== shown || shown.startsWith("/") ? `RUN ${command}` : shown;
}
