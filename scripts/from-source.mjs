// Runs the sources without a build: bundles them, and leaves packages external.
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

/** Bundles and imports a module, and returns its exports. */
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
