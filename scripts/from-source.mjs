// Runs the sources as they are now, without a build: they are bundled, and packages stay where they are.
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = join(import.meta.dirname, "..");

/** Where bundles may be written: below node_modules, so that they find their packages. */
export const bundleFolder = join(root, "node_modules/.cache/layerlint");

/** Bundles a module, whose imports are relative to the root of the project, into a file. */
export async function bundle(contents, outfile) {
  await build({
    stdin: { contents, resolveDir: root, loader: "ts" },
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    logLevel: "error",
    outfile,
  });
}

let count = 0;

/** What such a module exports. */
export async function fromSource(contents) {
  const outfile = join(bundleFolder, `source-${process.pid}-${count++}.mjs`);
  mkdirSync(bundleFolder, { recursive: true });
  try {
    await bundle(contents, outfile);
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(outfile, { force: true });
  }
}
