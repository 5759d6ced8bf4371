/** Detects the builder of an image by its history (docs/spec/history.md, section 1). */
import type { BuilderName } from "../build/builders.ts";
import type { ImageConfig } from "../image/image.ts";
import { isBuildKit, readRecord } from "./history-record.ts";

/**
 * Returns the builder of the last instruction; undefined when its entry does not tell. Earlier entries may be of the
 * base image, and of another builder.
 */
export function builderOf({ history }: Pick<ImageConfig, "history">): BuilderName | undefined {
  const entry = history?.at(-1);
  if (entry === undefined) return undefined;
  const record = readRecord(entry);
  if (isBuildKit(record)) return "buildkit";
  if (record.comment.startsWith("FROM ")) return "buildah";
  if (record.style === "keyword") return entry.author === "kaniko" ? "kaniko" : undefined;
  if (record.style !== "nop") return undefined;
  if (record.isClassic) return "docker-classic";
  // the classic builder writes these as buildah does
  return ["COPY", "ADD", "WORKDIR"].includes(record.keyword ?? "") ? undefined : "buildah";
}
