/**
 * Fixes proven by building: each Dockerfile of test/lab/fixes is built, fixed with its image at hand, and built again. What
 * containers see must be the same apart from what the rules declare, and the image as much smaller as was promised.
 * LAYERLINT_LAB_SET: quick or all. LAYERLINT_UPDATE=1 writes the fixed Dockerfiles that are expected.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Report } from "../../src/lint/report.ts";
import { bundle, fixCases, type FixCase } from "./fix-cases.ts";
import { command, isQuick, lab, script } from "./lab.ts";
import { readOracle } from "./oracle.ts";
import { treeOf } from "./tree.ts";

const chosen = isQuick ? fixCases.filter(({ quick }) => quick === true) : fixCases;
const only = process.env["LAYERLINT_LAB_ONLY"];

/** Where containers may differ after two builds of anything, or a rule says that they will. */
const declared = [
  /^var\/log\//,
  /^var\/cache\//,
  /^var\/lib\/apt\/lists(?:\/|$)/,
  // builders leave these in the layer of a RUN when the base lacks them
  /^(?:run|proc|sys|dev)(?:\/|$)/,
  /^tmp\//,
  /^(?:etc\/(?:hosts|hostname|resolv\.conf|mtab))$/,
  // compiled files have the time of their source in them
  /\/__pycache__(?:\/|$)/,
];

beforeAll(() => {
  script("tools.sh", isQuick ? "quick" : "all");
  if (!isQuick) script("current.sh");
  script("bases.sh", ...new Set(chosen.map(({ base }) => base)));
});

/** Serves what the Dockerfiles of the cases download, on the port that they name. A separate process, because builds block this one. */
const served = join(lab, "served");
let server: ChildProcess;

beforeAll(() => {
  rmSync(served, { recursive: true, force: true });
  mkdirSync(served, { recursive: true });
  bundle(join(served, "tool.tar"));
  server = spawn("python3", ["-m", "http.server", "--bind", "127.0.0.1", "--directory", served, "48123"], {
    stdio: "ignore",
  });
});

afterAll(() => {
  server.kill();
  if (!isQuick) script("engine.sh", "stop", "docker28c");
});

describe.each(chosen.filter(({ name }) => only === undefined || name === only))("$name", (one) => {
  test("builds the same without the waste", () => {
    const work = join(lab, "fixes", one.name);
    rmSync(work, { recursive: true, force: true });
    mkdirSync(work, { recursive: true });
    const before = build(one, dockerfileOf(one), join(work, "before"));
    const { text, report } = fix(one, before, join(work, "fixed"));
    checkText(one, text);
    expect([...new Set(report.applied?.map(({ rule }) => rule))].toSorted()).toEqual(one.rules.toSorted());
    const ignore = join(work, "fixed/.dockerignore");
    const after = build(
      one,
      text,
      join(work, "after"),
      existsSync(ignore) ? readFileSync(ignore) : undefined,
    );

    const promised = report.applied!.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0);
    const saved = contentOf(before) - contentOf(after);
    console.log(`${one.name}: promised ${promised}, saved ${saved}`);
    expect(promised).toBeGreaterThan(0);
    expect(Math.abs(saved - promised)).toBeLessThanOrEqual(promised * 0.1);
    expect(differences(one, before, after)).toEqual([]);
    rmSync(work, { recursive: true, force: true });
  });
});

function dockerfileOf({ name }: FixCase): string {
  return readFileSync(join(import.meta.dirname, "fixes", name, "Dockerfile"), "utf8");
}

/** Builds a Dockerfile in a fresh context, and returns the archive. */
function build(one: FixCase, text: string, folder: string, ignore?: Buffer): string {
  const context = join(folder, `fix-${one.name}`);
  mkdirSync(context, { recursive: true });
  cpSync(join(import.meta.dirname, "fixes", one.name), context, {
    recursive: true,
    filter: (path) => !path.endsWith("fixed.Dockerfile"),
  });
  one.context?.(context);
  writeFileSync(join(context, "Dockerfile"), text);
  if (ignore !== undefined) writeFileSync(join(context, ".dockerignore"), ignore);
  const out = join(folder, "image");
  script("image.sh", one.builder ?? "buildah", one.base, context, out, "one");
  return join(out, "docker-archive.tar");
}

function fix(one: FixCase, image: string, folder: string): { text: string; report: Report } {
  mkdirSync(folder, { recursive: true });
  one.context?.(folder);
  const file = join(folder, "Dockerfile");
  writeFileSync(file, dockerfileOf(one));
  const flags = one.unsafe === true ? ["--unsafe"] : [];
  const argv = [command, "fix", "--format", "json", ...flags, ...(one.flags ?? []), file, image];
  const run = spawnSync(process.execPath, argv, { encoding: "utf8", maxBuffer: 2 ** 30 });
  expect(run.stderr).toBe("");
  expect(run.status).toBeLessThan(2);
  return { text: readFileSync(file, "utf8"), report: JSON.parse(run.stdout) as Report };
}

function checkText(one: FixCase, text: string): void {
  const golden = join(import.meta.dirname, "fixes", one.name, "fixed.Dockerfile");
  if (process.env["LAYERLINT_UPDATE"] !== undefined) writeFileSync(golden, text);
  expect(text).toBe(readFileSync(golden, "utf8"));
}

/** Content bytes of all layers, by the oracle. */
function contentOf(archive: string): number {
  return readOracle(archive)
    .flatMap(({ files }) => Object.values(files))
    .reduce((sum, [size]) => sum + size, 0);
}

function differences(one: FixCase, before: string, after: string): string[] {
  const [old, now] = [
    treeOf(before, join(lab, "unpacked-fixes")),
    treeOf(after, join(lab, "unpacked-fixes")),
  ];
  const allowed = [...declared, ...(one.declared ?? [])];
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((path) => old.get(path) !== now.get(path) && !allowed.some((pattern) => pattern.test(path)))
    .map((path) => `${path}: before ${old.get(path)}, after ${now.get(path)}`);
}
