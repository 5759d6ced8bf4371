/**
 * Dockerfiles in which one condition decides whether a fix is safe, each with the fix that would be written without it
 * (`wrong.Dockerfile`): the lab has to notice that this one changes the image or breaks the build.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { Builder } from "./cases.ts";
import { random } from "./content.ts";
import { app, nodeProject, npm, pip, type FixCase } from "./fix-cases.ts";

const both: readonly Builder[] = ["buildah", "docker20-classic", "docker28"];
const all: readonly Builder[] = ["buildah", "docker20-classic", "docker20-buildkit", "docker28"];
/** They know `COPY --chmod` and `RUN --mount`. */
const newer: readonly Builder[] = ["buildah", "docker20-buildkit", "docker28"];

/** Apt's lists are wanted later: nothing may be applied. */
function wanted(name: string, notices: RegExp, more: Partial<FixCase> = {}): FixCase {
  return { name, base: "debian", builders: both, rules: [], notices, ...more };
}

const noPackage = /Unable to locate package ed/;

/** Files and folders of several modes. */
function severalModes(folder: string): void {
  app(folder);
  chmodSync(join(folder, "app/run.sh"), 0o640);
  chmodSync(join(folder, "app/lib/data"), 0o600);
  chmodSync(join(folder, "app/lib"), 0o700);
}

/** An archive whose only folder belongs to user 1000. */
function release(folder: string): void {
  const parts = join(folder, "release-1.0");
  mkdirSync(parts);
  random(join(parts, "data"), 700_000);
  const owner = ["--owner=1000", "--group=1000", "--numeric-owner"];
  execFileSync("tar", ["-C", folder, ...owner, "-cf", join(folder, "bundle.tar"), "release-1.0"]);
  rmSync(parts, { recursive: true });
}

export const safetyCases: readonly FixCase[] = [
  wanted("lists-make", noPackage),
  wanted("lists-script", /^srv\/names/),
  wanted("lists-python", noPackage, { base: "python" }),
  wanted("lists-tar", /^srv\/names/),
  wanted("lists-variable", /^srv\/apt\/lists\/\w/),
  wanted("lists-glob", /^srv\/names/),
  wanted("lists-cd", /^srv\/names/),
  wanted("lists-stage", noPackage),
  // buildah stores no ONBUILD in OCI images
  wanted("lists-onbuild", /^srv\/names/, { builders: ["docker20-classic", "docker28"] }),
  wanted("lists-cmd", /^the command prints/, { runs: true }),
  { name: "lists-refuted", base: "debian", builders: both, rules: ["leftover-cache"], needs: "image" },
  {
    name: "pip-cache-copied",
    base: "python",
    builders: both,
    rules: [],
    declared: pip,
    notices: /\.cache\/pip.*No such file/,
  },
  {
    name: "npm-offline",
    base: "node",
    builders: both,
    context: nodeProject,
    rules: [],
    declared: npm,
    notices: /ENOTCACHED/,
  },
  {
    name: "chown-setuid",
    base: "busybox",
    builders: all,
    quick: true,
    context: (folder) => {
      random(join(folder, "tool"), 500_000);
      chmodSync(join(folder, "tool"), 0o4755);
    },
    rules: ["metadata-rewrite"],
    needs: "builder",
    notices: /^usr\/bin\/tool: before file 755 33:33 .* after file 4755/,
  },
  {
    name: "chmod-symbolic",
    base: "busybox",
    builders: newer,
    context: severalModes,
    rules: [],
    notices: /^app\/run\.sh: before file 644 .* after file 755/,
  },
  {
    name: "chmod-folder",
    base: "busybox",
    builders: newer,
    context: app,
    rules: [],
    notices: /^app\/run\.sh: before file 644 .* after file 700/,
  },
  {
    name: "chmod-tree",
    base: "busybox",
    builders: newer,
    context: severalModes,
    rules: ["metadata-rewrite"],
    needs: "builder",
  },
  {
    name: "chown-folder-itself",
    base: "busybox",
    builders: both,
    context: app,
    rules: [],
    notices: /^app\/run\.sh: before file 644 0:0 .* after file 644 33:33/,
  },
  {
    name: "chown-after-look",
    base: "busybox",
    builders: both,
    quick: true,
    context: app,
    rules: [],
    notices: /^home\/of-root/,
  },
  {
    name: "chown-new-user",
    base: "busybox",
    builders: both,
    context: app,
    rules: [],
    notices: /web|before dir 755 77:77, after dir 755 0:0/,
  },
  {
    name: "chown-links",
    base: "busybox",
    builders: both,
    context: (folder) => {
      app(folder);
      symlinkSync("run.sh", join(folder, "app/start"));
      symlinkSync("../../nowhere", join(folder, "app/lib/lost"));
    },
    rules: ["metadata-rewrite"],
    needs: "image",
  },
  {
    name: "chown-parents",
    base: "busybox",
    builders: all,
    quick: true,
    context: (folder) => random(join(folder, "tool"), 500_000),
    rules: [],
    notices: /^usr\/local: before dir 755 0:0, after dir 755 33:33/,
  },
  {
    name: "chown-abbreviated",
    base: "debian",
    builders: both,
    context: app,
    rules: [],
  },
  { name: "rm-glob", base: "busybox", builders: both, rules: [], notices: /h\*\/r\*/ },
  { name: "rm-script", base: "busybox", builders: both, quick: true, rules: [], notices: /home\/raw/ },
  { name: "rm-hardlink", base: "busybox", builders: both, rules: [], notices: /home\/raw/ },
  { name: "rm-hardlink-of-one", base: "busybox", builders: both, rules: [] },
  { name: "rm-stage", base: "busybox", builders: both, rules: [], notices: /home\/raw/ },
  {
    name: "rm-of-seven",
    base: "busybox",
    builders: both,
    quick: true,
    unsafe: true,
    flags: ["--only", "deleted-later"],
    rules: ["deleted-later"],
    notices: /home\/raw/,
  },
  {
    name: "archive-strip",
    base: "debian",
    builders: both,
    context: release,
    rules: [],
    notices: /^home\/release-1\.0/,
  },
  {
    name: "archive-owner",
    base: "busybox",
    builders: both,
    context: release,
    rules: [],
    notices: /^home\/release-1\.0\/data: before file 644 0:0/,
  },
  {
    name: "mount-users",
    base: "node",
    builders: newer,
    unsafe: true,
    flags: ["--preset", "strict", "--only", "missing-cache-mount"],
    rules: ["missing-cache-mount"],
    promisesNothing: true,
    declared: npm,
  },
];
