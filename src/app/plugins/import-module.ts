/** Imports a plugin's module, from the sources and from the bundle. */
import { createRequire } from "node:module";

/** Path of the file that imports modules for the bundle, in which esbuild turns `import()` into `require`. */
declare const __IMPORT_MODULE__: string | undefined;

/** Imports a module by its file URL and returns its exports. */
export async function importModule(url: string): Promise<unknown> {
  if (typeof __IMPORT_MODULE__ === "undefined") return import(url);
  const load = createRequire(import.meta.url)(__IMPORT_MODULE__) as (url: string) => Promise<unknown>;
  return load(url);
}
