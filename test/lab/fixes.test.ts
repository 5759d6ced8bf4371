/**
 * Fixes proven by building: each Dockerfile of test/lab/fixes is built, fixed by its text and with its image at hand, and
 * everything that was written is built again. What containers see must be the same apart from what the rules declare,
 * and the image as much smaller as was promised. A wrong fix goes the same way, and has to be noticed.
 * LAYERLINT_LAB_SET: quick or all. LAYERLINT_LAB_ONLY: the name of a case. LAYERLINT_UPDATE=1 writes the fixed
 * Dockerfiles that are expected.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Report } from "../../src/lint/report.ts";
import type { Builder } from "./cases.ts";
import { bundle, plainCases, type FixCase } from "./fix-cases.ts";
import { command, isQuick, lab, script, setup } from "./lab.ts";
import { readOracle } from "./oracle.ts";
import { safetyCases } from "./safety-cases.ts";
import { lookInto, treeOf } from "./tree.ts";

const only = process.env["LAYERLINT_LAB_ONLY"];
const fixCases = [...plainCases, ...safetyCases]
  .filter(({ quick }) => !isQuick || quick === true)
  .filter(({ name }) => only === undefined || name === only);
/** A case with one of its builders. */
const chosen = fixCases.flatMap((one) =>
  (isQuick ? ["buildah" as const] : (one.builders ?? ["buildah"])).map((builder) => ({
    name: one.name,
    builder,
    one,
  })),
);

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

/** `--builder` for the builders of the lab. */
const builderNames: Readonly<Record<Builder, string>> = {
  buildah: "buildah",
  podman: "buildah",
  "docker20-classic": "docker-classic",
  "docker20-buildkit": "buildkit",
  docker28: "buildkit",
  docker28c: "buildkit",
};

beforeAll(() => {
  script("tools.sh", isQuick ? "quick" : "all");
  if (!isQuick) script("current.sh");
  script("bases.sh", ...new Set(chosen.map(({ one }) => one.base)));
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
  if (isQuick) return;
  for (const engine of ["docker20", "docker28", "docker28c"]) script("engine.sh", "stop", engine);
});

describe.each(chosen)("$name by $builder", ({ one, builder }) => {
  const work = join(lab, "fixes", one.name);
  const original = dockerfileOf(one);
  const wrong = fileOf(one, builder, "wrong");
  let archive: string;
  let before: Seen;

  beforeAll(() => {
    rmSync(work, { recursive: true, force: true });
    archive = built(one, builder, original, join(work, "before"));
    before = look(one, archive);
  });

  afterAll(() => rmSync(work, { recursive: true, force: true }));

  test("builds the same without the waste", () => {
    const { text, report } = fix(one, join(work, "fixed"), [archive]);
    checkText(one, builder, text);
    const rules = text === original ? [] : one.rules;
    expect([...new Set(report.applied?.map(({ rule }) => rule))].toSorted()).toEqual(rules.toSorted());
    const ignore = join(work, "fixed/.dockerignore");
    const hasIgnore = existsSync(ignore);
    if (text === original && !hasIgnore) return;

    const after = built(
      one,
      builder,
      text,
      join(work, "after"),
      hasIgnore ? readFileSync(ignore) : undefined,
    );
    const promised = report.applied!.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0);
    const saved = contentOf(archive) - contentOf(after);
    console.log(`${one.name}: promised ${promised}, saved ${saved}`);
    if (one.promisesNothing === true) expect(promised).toBe(0);
    else {
      expect(promised).toBeGreaterThan(0);
      expect(Math.abs(saved - promised)).toBeLessThanOrEqual(promised * 0.1);
    }
    expect(differences(one, before, look(one, after))).toEqual([]);
  });

  test.each([
    { how: "for this builder", flags: ["--builder", builderNames[builder]] },
    { how: "for any builder", flags: [] },
  ])("builds the same when fixed by its text, $how", ({ how, flags }) => {
    const { text } = fix(one, join(work, "by-text"), flags);
    const known = fileOf(one, builder, "fixed") ?? original;
    const stays = one.needs === "image" || (one.needs === "builder" && how === "for any builder");
    if (stays) expect(text).toBe(original);
    // built by the test with the image
    if (text === original || text === known) return;
    const after = built(one, builder, text, join(work, "after"));
    expect(differences(one, before, look(one, after))).toEqual([]);
  });

  test.runIf(wrong !== undefined)("notices the wrong fix", () => {
    const { complaint, archive: after } = build(one, builder, wrong!, join(work, "wrong"));
    const noticed = after === undefined ? [complaint] : differences(one, before, look(one, after));
    expect(noticed.join("\n")).toMatch(new RegExp(one.notices!, "m"));
  });
});

function dockerfileOf({ name }: FixCase): string {
  return readFileSync(join(import.meta.dirname, "fixes", name, "Dockerfile"), "utf8");
}

/** `fixed.docker28.Dockerfile`, or else `fixed.Dockerfile`, which is for all builders. */
function fileOf({ name }: FixCase, builder: Builder, kind: "fixed" | "wrong"): string | undefined {
  const folder = join(import.meta.dirname, "fixes", name);
  const found = [`${kind}.${builder}.Dockerfile`, `${kind}.Dockerfile`]
    .map((file) => join(folder, file))
    .find((file) => existsSync(file));
  return found === undefined ? undefined : readFileSync(found, "utf8");
}

/** Writes the build context of a case: the files beside its Dockerfile, and what its `context` adds. */
function writeContext(one: FixCase, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(join(import.meta.dirname, "fixes", one.name), folder, {
    recursive: true,
    filter: (path) => !path.endsWith("Dockerfile"),
  });
  one.context?.(folder);
}

interface Built {
  /** Undefined if the build fails. */
  readonly archive: string | undefined;
  /** What the builder wrote to stderr. */
  readonly complaint: string;
}

/** Builds a Dockerfile in a fresh context. */
function build(one: FixCase, builder: Builder, text: string, folder: string, ignore?: Buffer): Built {
  const context = join(folder, `fix-${one.name}`);
  writeContext(one, context);
  writeFileSync(join(context, "Dockerfile"), text);
  if (ignore !== undefined) writeFileSync(join(context, ".dockerignore"), ignore);
  const out = join(folder, "image");
  const argv = [join(setup, "image.sh"), builder, one.base, context, out, "one"];
  const { status, stdout, stderr } = spawnSync("bash", argv, { encoding: "utf8", maxBuffer: 2 ** 28 });
  const archive = status === 0 ? join(out, "docker-archive.tar") : undefined;
  return { archive, complaint: `${stdout}${stderr}` };
}

/** Returns the archive of a build that has to work. */
function built(...args: Parameters<typeof build>): string {
  const { archive, complaint } = build(...args);
  if (archive === undefined) throw new Error(complaint);
  return archive;
}

/** Fixes the Dockerfile by its text, or with what `more` names. */
function fix(one: FixCase, folder: string, more: readonly string[]): { text: string; report: Report } {
  writeContext(one, folder);
  const file = join(folder, "Dockerfile");
  writeFileSync(file, dockerfileOf(one));
  const flags = one.unsafe === true ? ["--unsafe"] : [];
  const argv = [command, "fix", "--format", "json", ...flags, ...(one.flags ?? []), file, ...more];
  const run = spawnSync(process.execPath, argv, { encoding: "utf8", maxBuffer: 2 ** 30 });
  expect(run.stderr).toBe("");
  expect(run.status).toBeLessThan(2);
  return { text: readFileSync(file, "utf8"), report: JSON.parse(run.stdout) as Report };
}

/** A fix of one builder only has a file of its own; without a file, the Dockerfile stays as it is. */
function checkText(one: FixCase, builder: Builder, text: string): void {
  const expected = fileOf(one, builder, "fixed") ?? dockerfileOf(one);
  if (process.env["LAYERLINT_UPDATE"] !== undefined && expected !== text) {
    const all = join(import.meta.dirname, "fixes", one.name, "fixed.Dockerfile");
    const isFirst = builder === (one.builders?.[0] ?? "buildah");
    writeFileSync(isFirst ? all : all.replace("fixed.", `fixed.${builder}.`), text);
    return;
  }
  expect(text).toBe(expected);
}

/** Content bytes of all layers, by the oracle. */
function contentOf(archive: string): number {
  return readOracle(archive)
    .flatMap(({ files }) => Object.values(files))
    .reduce((sum, [size]) => sum + size, 0);
}

/** What a container of an image sees. */
interface Seen {
  readonly tree: ReadonlyMap<string, string>;
  /** The configuration as JSON, without what names one build. */
  readonly config: string;
  readonly prints: string | undefined;
}

interface Config {
  readonly Env?: readonly string[];
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
}

function look(one: FixCase, archive: string): Seen {
  const config = configOf(archive);
  return lookInto(archive, join(lab, "unpacked-fixes"), (root) => ({
    tree: treeOf(root),
    config: JSON.stringify(config),
    prints: one.runs === true ? printed(root, config) : undefined,
  }));
}

function configOf(archive: string): Config {
  const member = (name: string) =>
    JSON.parse(
      spawnSync("tar", ["-xOf", archive, name], { encoding: "utf8", maxBuffer: 2 ** 26 }).stdout,
    ) as unknown;
  const [manifest] = member("manifest.json") as { readonly Config: string }[];
  const { config } = member(manifest!.Config) as { readonly config: Config & Record<string, unknown> };
  // the image and the container that the classic builder made last
  const { Image: _, Hostname: __, ...rest } = config;
  return Object.fromEntries(Object.entries(rest).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** What the command of an image prints, without isolation: the images are of the lab's own. */
function printed(root: string, { Env = [], Entrypoint = [], Cmd = [] }: Config): string {
  const { stdout, stderr, status } = spawnSync("chroot", [root, "env", "-i", ...Env, ...Entrypoint, ...Cmd], {
    encoding: "utf8",
  });
  return `${status}: ${stdout}${stderr}`;
}

function differences(one: FixCase, before: Seen, after: Seen): string[] {
  const [old, now] = [before.tree, after.tree];
  const allowed = [...declared, ...(one.declared ?? [])];
  const found = [...new Set([...old.keys(), ...now.keys()])]
    .filter((path) => old.get(path) !== now.get(path) && !allowed.some((pattern) => pattern.test(path)))
    .map((path) => `${path}: before ${old.get(path)}, after ${now.get(path)}`);
  if (before.config !== after.config)
    found.push(`the configuration: before ${before.config}, after ${after.config}`);
  if (before.prints !== after.prints)
    found.push(`the command prints ${before.prints}, and after ${after.prints}`);
  return found;
}
