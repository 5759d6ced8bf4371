/** Finds development packages in the records that some tools write beside a project's packages. */
import type { ImageView } from "../subject.ts";
import type { BytePath } from "../../image/image.ts";
import type { Tool } from "../../knowledge/tool.ts";
import { tools } from "../../knowledge/tools/index.ts";
import type { LiveFile } from "../../rootfs/rootfs.ts";

const records = tools.flatMap(({ project }) => project?.record ?? []);

export function isInstallRecord(path: BytePath): boolean {
  return records.some((record) => record.path.test(path));
}

export interface ForDevelopment {
  readonly packages: number;
  readonly files: readonly LiveFile[];
}

/** Returns the development packages of a layer; undefined if it has no record of this tool. */
export function forDevelopment(
  view: ImageView,
  layer: number,
  { project }: Tool,
): ForDevelopment | undefined {
  const record = project?.record;
  if (record === undefined) return undefined;
  const packages = new Set<string>();
  let isRecorded = false;
  for (const [entry, bytes] of view.image.layers[layer]?.kept ?? []) {
    if (!record.path.test(entry.path)) continue;
    const folders = record.developmentFolders(parsed(bytes));
    if (folders === undefined) continue;
    isRecorded = true;
    const root = entry.path.slice(0, entry.path.lastIndexOf(record.below));
    for (const folder of folders) packages.add(root + folder);
  }
  if (!isRecorded) return undefined;
  const files = [...view.rootfs.live].filter(
    (file) =>
      file.layer === layer &&
      packages.has(record.packageOf.exec(file.paths[0] ?? file.entry.path)?.[0] ?? ""),
  );
  return { packages: packages.size, files };
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
  } catch {
    return undefined;
  }
}
