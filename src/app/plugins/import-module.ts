import { createRequire } from "node:module";

/** In the bundle `import()` means `require`: there a file of its own imports. */
declare const __IMPORT_MODULE__: string | undefined;

/** What a module exports, by its file URL. */
export async function importModule(url: string): Promise<unknown> {
  if (typeof __IMPORT_MODULE__ === "undefined") return import(url);
  const load = createRequire(import.meta.url)(__IMPORT_MODULE__) as (url: string) => Promise<unknown>;
  return load(url);
}
