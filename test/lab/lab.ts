/** What the tests of the lab share: where it is, and how its images are built. */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Builder, Case } from "./cases.ts";
import { random } from "./content.ts";

/** LAYERLINT_LAB_SET: quick or all. */
export const isQuick = (process.env["LAYERLINT_LAB_SET"] ?? "quick") === "quick";
export const lab = process.env["LAYERLINT_LAB"] ?? join(process.env["TMPDIR"] ?? "/var/tmp", "layerlint-lab");
export const setup = join(import.meta.dirname, "setup");
export const project = join(import.meta.dirname, "../..");
export const command = join(project, "dist/bin/layerlint.js");
export const engines = ["docker20", "docker28", "docker28c"] as const;

/** One of setup/. */
export function script(name: string, ...args: readonly string[]): void {
  execFileSync("bash", [join(setup, name), ...args], { stdio: ["ignore", "inherit", "inherit"] });
}

/** What a program prints; throws what it complains of. */
export function run(program: string, ...args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${stderr.trim() || stdout.trim()}`);
  return stdout;
}

/** The command as it is built. */
export function layerlint(...args: readonly string[]): string {
  return run(process.execPath, command, ...args);
}

/** A folder of archives. Builds unless an earlier run did; LAYERLINT_LAB_REBUILD=1 builds anew. */
export function imagesOf(
  one: Pick<Case, "name" | "base">,
  builder: Builder,
  context: (folder: string) => void,
): string {
  const out = join(lab, "images", one.name, builder);
  if (existsSync(out) && process.env["LAYERLINT_LAB_REBUILD"] === undefined) return out;
  const folder = join(lab, "contexts", one.name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  mkdirSync(join(out, ".."), { recursive: true });
  context(folder);
  script("image.sh", builder, one.base, folder, out);
  return out;
}

/** Of a case of test/lab/cases. */
export function imagesOfCase(one: Case, builder: Builder): string {
  return imagesOf(one, builder, (folder) => {
    cpSync(join(import.meta.dirname, "cases", one.name), folder, { recursive: true });
    one.context?.(folder);
  });
}

/** Debian, apt, a compiler that comes and goes, files that change their owner; by buildah. */
export function optimizedDebian(): string {
  const dockerfile = `FROM debian:stable-slim
RUN apt-get update
RUN apt-get install -y --no-install-recommends gcc python3
COPY data /srv/data
RUN chown -R 1000:1000 /srv/data
RUN apt-get purge -y --auto-remove gcc
RUN rm -rf /var/lib/apt/lists/*
`;
  return imagesOf({ name: "optimize", base: "debian" }, "buildah", (folder) => {
    writeFileSync(join(folder, "Dockerfile"), dockerfile);
    mkdirSync(join(folder, "data"));
    for (let i = 0; i < 20; i++) random(join(folder, "data", `f${i}`), 1_000_000 + i);
  });
}
