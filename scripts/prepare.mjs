// Builds after `npm install` in a checkout, and before packing. `npm install -g git+…`, which pre-commit calls, hands its
// `-g` down to the install inside its clone: then nothing that building needs is there, and is installed first.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const npm = process.env.npm_execpath;
if (npm === undefined) {
  console.error("run this by `npm run prepare`");
  process.exit(1);
}

if (!["typescript", "esbuild"].every((name) => existsSync(join(root, "node_modules", name)))) {
  run(
    "ci",
    "--no-global",
    "--no-install-links",
    "--include=dev",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
  );
}
run("run", "--no-global", "build");

function run(...args) {
  const { status, error } = spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: "inherit" });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
