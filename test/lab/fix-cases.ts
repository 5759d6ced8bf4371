/** What `fix` must do to the Dockerfiles of test/lab/fixes, and what may differ between the images before and after. */
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Builder } from "./cases.ts";
import { random } from "./content.ts";

export interface FixCase {
  /** Its folder in test/lab/fixes. */
  readonly name: string;
  readonly base: "busybox" | "debian" | "node" | "python";
  /** `buildah` alone unless given. The quick lab has no other. */
  readonly builders?: readonly Builder[];
  readonly quick?: true;
  /** The fixes wait for --unsafe. */
  readonly unsafe?: true;
  readonly flags?: readonly string[];
  /** Writes the build context beside the Dockerfile. */
  readonly context?: (folder: string) => void;
  /** The rules whose fixes are applied, no other; none where every fix would be wrong. */
  readonly rules: readonly string[];
  /**
   * What the fixes ask for: without the image, or without knowing the builder, the Dockerfile stays as it is. Undefined
   * where the text alone is enough.
   */
  readonly needs?: "image" | "builder";
  /** Part of a difference, or of what the builder complains of, that shows why the wrong fix is one. */
  readonly notices?: RegExp;
  /** The rule saves time, and says no bytes. */
  readonly promisesNothing?: true;
  /** The command of the image is run, and has to print the same. */
  readonly runs?: true;
  /** Paths that the rule says containers see differently afterwards. */
  readonly declared?: readonly RegExp[];
}

export function app(folder: string): void {
  mkdirSync(join(folder, "app/lib"), { recursive: true });
  writeFileSync(join(folder, "app/run.sh"), "exec sleep 60\n");
  random(join(folder, "app/lib/data"), 900_000);
}

export function nodeProject(folder: string, devDependencies: Readonly<Record<string, string>> = {}): void {
  const all = { ms: "2.1.3", typescript: "5.4.5" };
  const dependencies = Object.fromEntries(Object.entries(all).filter(([name]) => !(name in devDependencies)));
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ name: "lab", version: "1.0.0", dependencies, devDependencies }),
  );
  writeFileSync(join(folder, "index.js"), "console.log(1)\n");
}

export function pythonProject(folder: string): void {
  writeFileSync(join(folder, "requirements.txt"), "idna==3.10\n");
  writeFileSync(join(folder, "main.py"), "import idna\n");
}

/** A tar of one file; also what the lab's server serves. */
export function bundle(file: string): void {
  const parts = `${file}.parts`;
  mkdirSync(parts);
  random(join(parts, "data"), 700_000);
  execFileSync("tar", ["-C", parts, "-cf", file, "data"]);
  rmSync(parts, { recursive: true });
}

export const npm = [/^(?:root|home\/app)\/\.npm(?:\/|$)/, /node_modules\/\.yarn-integrity$/];
export const pip = [/^root\/\.cache(?:\/|$)/];

export const plainCases: readonly FixCase[] = [
  { name: "apt-one-line", base: "debian", quick: true, rules: ["leftover-cache"] },
  { name: "late-rm-file", base: "busybox", quick: true, rules: ["deleted-later"] },
  { name: "chown-folder", base: "busybox", quick: true, context: app, rules: ["metadata-rewrite"] },
  { name: "apt-late-rm", base: "debian", quick: true, rules: ["deleted-later"] },
  { name: "apt-lines", base: "debian", rules: ["leftover-cache"] },
  { name: "apt-set-e", base: "debian", rules: ["leftover-cache"] },
  { name: "apt-heredoc", base: "debian", builders: ["docker28c"], rules: ["leftover-cache"] },
  { name: "apt-late-rm-with-more", base: "debian", rules: ["deleted-later"] },
  { name: "apt-twice", base: "debian", rules: ["leftover-cache"] },
  { name: "apt-base-stage", base: "debian", rules: ["leftover-cache"] },
  { name: "apt-crlf", base: "debian", rules: ["leftover-cache"] },
  { name: "apt-lower-case", base: "debian", rules: ["leftover-cache"] },
  {
    name: "apt-or-true",
    base: "debian",
    unsafe: true,
    flags: ["--only", "leftover-cache"],
    rules: ["leftover-cache"],
  },
  { name: "apt-bash", base: "debian", rules: ["leftover-cache"] },
  { name: "pip-wheels", base: "python", rules: ["leftover-cache"], declared: pip },
  {
    name: "pip-module",
    base: "python",
    context: pythonProject,
    rules: ["leftover-cache"],
    declared: pip,
  },
  { name: "npm-install", base: "node", context: nodeProject, rules: ["leftover-cache"], declared: npm },
  { name: "npm-global", base: "node", rules: ["leftover-cache"], declared: npm },
  { name: "npm-user", base: "node", rules: ["leftover-cache"], declared: npm },
  {
    name: "yarn",
    base: "node",
    context: nodeProject,
    rules: ["leftover-cache"],
    declared: [...npm, /^usr\/local\/share\/\.cache(?:\/|$)/],
  },
  {
    name: "npm-dev",
    base: "node",
    unsafe: true,
    context: (folder) => nodeProject(folder, { typescript: "5.4.5" }),
    rules: ["dev-dependencies-installed"],
    declared: [
      ...npm,
      /^app\/(?:node_modules\/(?:\.bin|typescript|\.package-lock\.json)|package-lock\.json)/,
    ],
  },
  { name: "npm-too", base: "node", context: nodeProject, rules: ["deleted-later"], declared: npm },
  {
    name: "pnpm",
    base: "node",
    unsafe: true,
    flags: ["--only", "leftover-cache"],
    context: nodeProject,
    rules: ["leftover-cache"],
    declared: [
      ...npm,
      /^root\/\.(?:cache|local\/share|local\/state)\/pnpm(?:\/|$)/,
      /node_modules\/\.modules\.yaml$/,
    ],
  },
  {
    name: "pip-late-purge",
    base: "python",
    context: pythonProject,
    rules: ["deleted-later"],
    declared: pip,
  },
  {
    name: "apt-later-update",
    base: "debian",
    unsafe: true,
    flags: ["--only", "leftover-cache"],
    rules: ["leftover-cache"],
  },
  {
    name: "archive-add",
    base: "busybox",
    unsafe: true,
    context: (folder) => bundle(join(folder, "bundle.tar")),
    rules: ["archive-copied-then-extracted"],
    declared: [/^home\/bundle\.tar$/],
  },
  { name: "heredoc-late-rm", base: "busybox", builders: ["docker28c"], rules: ["deleted-later"] },
  { name: "late-rm-download", base: "busybox", rules: ["deleted-later"] },
  { name: "archive-left", base: "busybox", rules: ["archive-left"], declared: [/^tmp\/tool\.tar$/] },
  { name: "chown-by-name", base: "busybox", context: app, rules: ["metadata-rewrite"] },
  {
    name: "chmod-file",
    base: "busybox",
    context: (folder) => random(join(folder, "tool"), 500_000),
    rules: ["metadata-rewrite"],
  },
  { name: "chown-in-chain", base: "busybox", context: app, rules: ["metadata-rewrite"] },
  {
    name: "copy-extract-rm",
    base: "busybox",
    unsafe: true,
    context: (folder) => bundle(join(folder, "bundle.tar")),
    rules: ["deleted-later"],
  },
  { name: "merge-runs", base: "busybox", unsafe: true, rules: ["squashable-layers"] },
  {
    name: "ignore-file",
    base: "busybox",
    unsafe: true,
    context: (folder) => {
      mkdirSync(join(folder, ".git/objects/pack"), { recursive: true });
      random(join(folder, ".git/objects/pack/pack-1.pack"), 400_000);
      writeFileSync(join(folder, "main.c"), "int main() {}\n");
    },
    rules: ["context-without-dockerignore"],
    declared: [/^src\/\.(?:git|dockerignore)(?:\/|$)/],
  },
];
