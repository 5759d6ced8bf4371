// `npm run mutants`: compiles scripts/mutants/main.ts, because Node 20 runs no TypeScript, and starts it.
import { join } from "node:path";
import { build } from "esbuild";

const outfile = join(import.meta.dirname, "../node_modules/.cache/mutants/main.mjs");
await build({
  entryPoints: [join(import.meta.dirname, "mutants/main.ts")],
  outfile,
  bundle: true,
  format: "esm",
  platform: "node",
  packages: "external",
  logLevel: "warning",
});
const { main } = await import(outfile);
process.exit(await main(process.argv.slice(2), join(import.meta.dirname, "..")));
