/** Reads the image configuration. */
import { isRecord } from "../../records.ts";
import { asDiffId } from "../digest.ts";
import { UserError } from "../../errors.ts";
import type { HistoryEntry, ImageConfig } from "../image.ts";

export type Json = Readonly<Record<string, unknown>>;

/** Parses a JSON document of an image. Throws `UserError` naming it. */
export function parseJson(bytes: Buffer, name: string): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    throw new UserError(`${name}: is not valid JSON; the image is damaged`);
  }
}

export function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

export function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}

export function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

export function textMap(value: unknown): Record<string, string> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === "string"),
  );
}

/** Parses the image configuration (docs/spec/image-formats.md, section 3). Unknown keys stay in `raw`. */
export function parseConfig(bytes: Buffer, name: string): ImageConfig {
  const raw = parseJson(bytes, name);
  if (!isRecord(raw)) throw new UserError(`${name}: is not an image configuration; the image is damaged`);
  const rootfs = isRecord(raw["rootfs"]) ? raw["rootfs"] : {};
  const diffIds = rootfs["diff_ids"] ?? [];
  if (!Array.isArray(diffIds) || !diffIds.every((id) => typeof id === "string")) {
    throw new UserError(`${name}: its list of diff IDs is malformed; the image is damaged`);
  }
  const config = isRecord(raw["config"]) ? raw["config"] : {};
  const variant = text(raw["variant"]);
  return {
    platform: {
      os: text(raw["os"]) ?? "linux",
      architecture: text(raw["architecture"]) ?? "unknown",
      ...(variant === undefined || variant === "" ? {} : { variant }),
    },
    created: text(raw["created"]),
    user: text(config["User"]) ?? "",
    env: texts(config["Env"]),
    cmd: optionalTexts(config["Cmd"]),
    entrypoint: optionalTexts(config["Entrypoint"]),
    shell: optionalTexts(config["Shell"]),
    workingDir: text(config["WorkingDir"]) ?? "",
    volumes: isRecord(config["Volumes"]) ? Object.keys(config["Volumes"]) : [],
    labels: textMap(config["Labels"]),
    onBuild: texts(config["OnBuild"]),
    diffIds: diffIds.map(asDiffId),
    history: Array.isArray(raw["history"]) ? list(raw["history"]).map(historyEntry) : undefined,
    raw,
  };
}

function optionalTexts(value: unknown): string[] | undefined {
  return Array.isArray(value) ? texts(value) : undefined;
}

function historyEntry(entry: Json): HistoryEntry {
  const { created, created_by: createdBy, comment, author } = entry;
  return {
    ...(typeof created === "string" ? { created } : {}),
    ...(typeof createdBy === "string" ? { createdBy } : {}),
    ...(typeof comment === "string" ? { comment } : {}),
    ...(typeof author === "string" ? { author } : {}),
    emptyLayer: entry["empty_layer"] === true,
  };
}
