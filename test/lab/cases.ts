/** What must be found in the images of test/lab/cases, and what the oracle measures for it. */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { random } from "./content.ts";

export type Builder =
  | "buildah"
  | "podman"
  | "docker20-classic"
  | "docker20-buildkit"
  | "docker28"
  | "docker28c";

/** Which bytes: of the files under `under` in the layer that `made` names … */
export interface Measure {
  /** A part of the layer's created_by, or of the line that made it. */
  readonly made: string;
  readonly under: readonly string[];
  /** … that the layer of this command hides, stores again unchanged, or stores changed; without: that are still there. */
  readonly hiddenBy?: string;
  readonly repeatedBy?: string;
  readonly changedBy?: string;
}

interface Expectation {
  readonly rule: string;
  /** First line of the instruction that is named first. */
  readonly line: number;
  /** A text that the message has, to tell several findings of a line apart. */
  readonly says?: string;
  readonly bytes?: Measure;
  readonly severity?: "error" | "warning" | "info";
}

export interface Case {
  readonly name: string;
  readonly base: "busybox" | "debian" | "node" | "python";
  readonly builders: readonly Builder[];
  /** Writes the build context beside the Dockerfile. */
  readonly context?: (folder: string) => void;
  readonly expected: readonly Expectation[];
  /** Rules that must not warn. */
  readonly quiet: readonly string[];
}

const every: readonly Builder[] = [
  "buildah",
  "podman",
  "docker20-classic",
  "docker20-buildkit",
  "docker28",
  "docker28c",
];
const newest: readonly Builder[] = ["docker28c"];

export const cases: readonly Case[] = [
  {
    name: "apt-lists",
    base: "debian",
    builders: every,
    expected: [
      {
        rule: "deleted-later",
        line: 2,
        bytes: {
          made: "install -y --no-install-recommends patch",
          under: ["var/lib/apt/lists/"],
          hiddenBy: "recommends make",
        },
      },
    ],
    quiet: ["secret-in-layer", "dockerfile-mismatch"],
  },
  {
    name: "copy-then-remove",
    base: "busybox",
    builders: every,
    context: (folder) => {
      mkdirSync(join(folder, "late"));
      mkdirSync(join(folder, "bundle"));
      writeFileSync(join(folder, "late/late.txt"), "late\n");
      random(join(folder, "bundle/data"), 700_000);
      execFileSync("tar", ["-C", join(folder, "bundle"), "-cf", join(folder, "bundle.tar"), "data"]);
    },
    expected: [
      {
        rule: "deleted-later",
        line: 3,
        bytes: { made: "/tmp/bundle.tar", under: ["tmp/bundle.tar"], hiddenBy: "rm -rf" },
      },
      { rule: "deleted-later", line: 4, bytes: { made: "tar -xf", under: ["srv/"], hiddenBy: "rm -rf" } },
    ],
    quiet: ["leftover-cache", "secret-in-layer", "dockerfile-mismatch"],
  },
  {
    name: "chown",
    base: "busybox",
    builders: every,
    context: (folder) => {
      mkdirSync(join(folder, "app/lib"), { recursive: true });
      writeFileSync(join(folder, "app/run.sh"), "exec sleep 60\n");
      random(join(folder, "app/lib/data"), 900_000);
      random(join(folder, "app/lib/more"), 300_000);
    },
    expected: [
      {
        rule: "metadata-rewrite",
        line: 3,
        says: "owner",
        bytes: { made: "/app", under: ["app/"], repeatedBy: "chown" },
      },
    ],
    quiet: ["deleted-later", "rewritten-later", "secret-in-layer", "dockerfile-mismatch"],
  },
  {
    name: "secret",
    base: "busybox",
    builders: every,
    context: (folder) => {
      execFileSync("ssh-keygen", [
        "-q",
        "-t",
        "ed25519",
        "-N",
        "",
        "-C",
        "lab",
        "-f",
        join(folder, "deploy_key"),
      ]);
    },
    expected: [
      {
        rule: "secret-in-layer",
        line: 2,
        says: "deleted by line 4, still readable in the layer of line 2",
        severity: "error",
      },
    ],
    quiet: ["deleted-later", "leftover-cache", "dockerfile-mismatch"],
  },
  {
    name: "multi-stage",
    base: "busybox",
    builders: newest,
    expected: [
      {
        rule: "deleted-later",
        line: 5,
        bytes: { made: "/opt/app/draft", under: ["opt/app/draft"], hiddenBy: "rm /opt/app/draft" },
      },
    ],
    quiet: ["leftover-cache", "secret-in-layer", "dockerfile-mismatch"],
  },
  {
    name: "heredoc",
    base: "busybox",
    builders: newest,
    expected: [
      {
        rule: "deleted-later",
        line: 2,
        bytes: { made: "wc -c /data/raw", under: ["data/raw"], hiddenBy: "rm /data/raw" },
      },
    ],
    quiet: ["leftover-cache", "secret-in-layer", "dockerfile-mismatch"],
  },
  {
    name: "cache-mount",
    base: "debian",
    builders: newest,
    expected: [
      {
        rule: "deleted-later",
        line: 4,
        bytes: { made: "/scratch/x", under: ["kept"], hiddenBy: "rm /kept" },
      },
    ],
    quiet: ["leftover-cache", "secret-in-layer", "dockerfile-mismatch"],
  },
  {
    name: "purge",
    base: "debian",
    builders: newest,
    expected: [
      {
        rule: "deleted-later",
        line: 2,
        bytes: { made: "make patch xz-utils", under: [""], hiddenBy: "apt-get purge" },
      },
    ],
    quiet: ["secret-in-layer", "dockerfile-mismatch"],
  },
  {
    name: "npm-prune",
    base: "node",
    builders: newest,
    context: (folder) => {
      const dependencies = { ms: "2.1.3" };
      const devDependencies = { typescript: "5.4.5" };
      writeFileSync(
        join(folder, "package.json"),
        JSON.stringify({ name: "lab", version: "1.0.0", dependencies, devDependencies }),
      );
      writeFileSync(join(folder, "index.js"), "console.log(1)\n");
    },
    expected: [
      {
        rule: "deleted-later",
        line: 4,
        bytes: { made: "npm install", under: ["app/node_modules/"], hiddenBy: "npm prune" },
      },
      {
        rule: "leftover-cache",
        line: 4,
        says: "npm's cache",
        bytes: { made: "npm install", under: ["root/.npm/_cacache/", "root/.npm/_logs/"] },
      },
    ],
    quiet: ["secret-in-layer", "dockerfile-mismatch"],
  },
  {
    name: "apt-upgrade",
    base: "debian",
    builders: newest,
    expected: [{ rule: "rewritten-later", line: 2, severity: "info" }],
    quiet: ["deleted-later", "leftover-cache", "secret-in-layer", "dockerfile-mismatch"],
  },
  {
    name: "pip-cache",
    base: "python",
    builders: newest,
    expected: [
      {
        rule: "leftover-cache",
        line: 2,
        says: "pip's cache",
        bytes: { made: "pip install", under: ["root/.cache/pip/"] },
      },
    ],
    quiet: ["deleted-later", "secret-in-layer", "dockerfile-mismatch"],
  },
  {
    name: "rewritten",
    base: "busybox",
    builders: newest,
    expected: [
      {
        rule: "rewritten-later",
        line: 3,
        bytes: { made: "mkdir /db", under: ["db/table"], changedBy: "echo changed" },
      },
    ],
    quiet: ["deleted-later", "metadata-rewrite", "leftover-cache", "dockerfile-mismatch"],
  },
  {
    name: "moved",
    base: "busybox",
    builders: newest,
    context: (folder) => random(join(folder, "model.bin"), 1_200_000),
    expected: [
      {
        rule: "deleted-later",
        line: 2,
        bytes: { made: "/tmp/model.bin", under: ["tmp/model.bin"], hiddenBy: "mv /tmp/model.bin" },
      },
    ],
    quiet: ["rewritten-later", "leftover-cache", "dockerfile-mismatch"],
  },
  {
    name: "leftovers",
    base: "busybox",
    builders: newest,
    context: (folder) => {
      mkdirSync(join(folder, ".git/objects/pack"), { recursive: true });
      random(join(folder, ".git/objects/pack/pack-1.pack"), 400_000);
      writeFileSync(join(folder, "main.c"), "int main() {}\n");
    },
    expected: [
      {
        rule: "leftover-cache",
        line: 2,
        says: "version control",
        bytes: { made: "COPY . /src", under: ["src/.git/"] },
      },
      {
        rule: "leftover-cache",
        line: 3,
        says: "temporary",
        bytes: { made: "/tmp/work", under: ["tmp/work"] },
      },
    ],
    quiet: ["deleted-later", "secret-in-layer", "dockerfile-mismatch"],
  },
];
