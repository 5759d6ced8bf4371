/** What the records that npm and Composer leave beside the packages say about those for development. */
import type { ImageView } from "../subject.ts";
import type { BytePath } from "../../image/image.ts";
import type { LiveFile } from "../../rootfs/rootfs.ts";

/** `node_modules/.package-lock.json` of npm from version 7 on. */
const NPM = /(?:^|\/)node_modules\/\.package-lock\.json$/;
/** `vendor/composer/installed.json` of Composer from version 2 on. */
const COMPOSER = /(?:^|\/)composer\/installed\.json$/;

export function isInstallRecord(path: BytePath): boolean {
  return NPM.test(path) || COMPOSER.test(path);
}

export interface ForDevelopment {
  readonly packages: number;
  readonly files: readonly LiveFile[];
}

/** Packages of a layer that are for development only; undefined where no record of this manager is in it. */
export function forDevelopment(view: ImageView, layer: number, manager: string): ForDevelopment | undefined {
  const record = manager === "npm" ? NPM : manager === "composer" ? COMPOSER : undefined;
  if (record === undefined) return undefined;
  const packages = new Set<string>();
  let isRecorded = false;
  for (const [entry, bytes] of view.image.layers[layer]?.kept ?? []) {
    if (!record.test(entry.path)) continue;
    const folders = manager === "npm" ? npmFolders(parsed(bytes)) : composerFolders(parsed(bytes));
    if (folders === undefined) continue;
    isRecorded = true;
    // beside `node_modules`, or in the folder above `composer`
    const root = entry.path.slice(
      0,
      entry.path.lastIndexOf(manager === "npm" ? "node_modules/" : "composer/"),
    );
    for (const folder of folders) packages.add(root + folder);
  }
  if (!isRecorded) return undefined;
  const files = [...view.rootfs.live].filter(
    (file) =>
      file.layer === layer && packages.has(packageOf(file.paths[0] ?? file.entry.path, manager) ?? ""),
  );
  return { packages: packages.size, files };
}

/** The folder of the package that a file belongs to, the innermost one. */
function packageOf(path: BytePath, manager: string): string | undefined {
  if (manager === "npm") return /^.*(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0];
  return /^(?:.*\/)?vendor\/[^/]+\/[^/]+(?=\/)/.exec(path)?.[0];
}

function npmFolders(record: unknown): string[] | undefined {
  const packages = field(record, "packages");
  if (typeof packages !== "object" || packages === null) return undefined;
  return Object.entries(packages)
    .filter(([, each]) => field(each, "dev") === true || field(each, "devOptional") === true)
    .map(([folder]) => folder);
}

function composerFolders(record: unknown): string[] | undefined {
  const names = field(record, "dev-package-names");
  if (field(record, "dev") !== true || !Array.isArray(names)) return undefined;
  return names.filter((name) => typeof name === "string");
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
  } catch {
    return undefined;
  }
}
