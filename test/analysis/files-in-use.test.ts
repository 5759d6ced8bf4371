import { describe, expect, test } from "vitest";
import { filesInUse } from "../../src/analysis/files-in-use.ts";
import { asBytePath } from "../../src/byte-path.ts";
import type { ImageConfig } from "../../src/image/image.ts";
import { subjectOf } from "../support/subject.ts";

const tree =
  "tmp/ tmp/app/ tmp/app/bin(1) tmp/app/lib(1) tmp/other(1) srv/ srv/x/ srv/x/y(1) root/ root/.cache/ root/.cache/a(1)";

async function inUse(config: Partial<ImageConfig>, layers: readonly string[] = [tree]) {
  const subject = await subjectOf({ layers, config });
  const files = filesInUse(subject.image!);
  return (path: string) => files.has(asBytePath(path));
}

describe("an image uses what its configuration names", () => {
  test.each<[string, Partial<ImageConfig>]>([
    ["the working folder", { workingDir: "/tmp/app" }],
    ["a volume", { volumes: ["/tmp/app"] }],
    ["the folder of a program", { cmd: ["/tmp/app/bin"] }],
    ["a program of the entry point, in a script", { entrypoint: ["sh", "-c", "exec '/tmp/app/bin' --x"] }],
    ["a program relative to the working folder", { workingDir: "/srv", cmd: ["../tmp/app/bin"] }],
    ["a program without a dot", { cmd: ["tmp/app/bin"] }],
    ["a search path", { env: ["PATH=/usr/bin:/tmp/app"] }],
    ["a search path of Python", { env: ["PYTHONPATH=/tmp/app"] }],
    ["a health check", { raw: { config: { Healthcheck: { Test: ["CMD", "/tmp/app/bin"] } } } }],
    ["an option with a path", { cmd: ["run", "--root=/tmp/app"] }],
  ])("%s", async (_, config) => {
    const has = await inUse(config);
    expect([has("tmp/app/bin"), has("tmp/other")]).toEqual([true, false]);
  });

  test("a program directly below the root, or in a folder there, does not keep what lies beside it", async () => {
    const has = await inUse({ cmd: ["/tmp/app"] });
    expect([has("tmp/app"), has("tmp/app/lib"), has("tmp/other")]).toEqual([true, true, false]);
  });

  test("an empty part of a search path names nothing", async () => {
    const has = await inUse({ workingDir: "/srv", env: ["PATH=/usr/bin::/bin", "MANPATH=/tmp/app"] });
    expect([has("tmp/app/bin"), has("srv/x/y")]).toEqual([false, true]);
    expect((await inUse({ workingDir: "", env: ["PATH=:/bin"] }))("tmp/other")).toBe(false);
  });
});

test("what lies beside a program is wanted in a place of leftovers only", async () => {
  const config = { cmd: ["/tmp/app/bin"], entrypoint: ["/root/tools/run"] };
  const subject = await subjectOf({ layers: [tree], config });
  const { isWanted } = filesInUse(subject.image!);
  const isLeftover = (path: string) => path.startsWith("tmp/") || path.includes("/.cache/");
  const wanted = (path: string) => isWanted(asBytePath(path), isLeftover);
  expect(wanted("tmp/app/lib")).toBe(true);
  expect(wanted("tmp/other")).toBe(false);
  expect(wanted("root/tools/.cache/a")).toBe(false);
  expect((await inUse(config))("root/tools/.cache/a")).toBe(true);
});

describe("an image uses what its symlinks point to", () => {
  test.each([
    ["by a whole path", ["usr/ usr/bin/ usr/bin/run→/tmp/app/bin"], true],
    ["by a relative path", ["usr/ usr/bin/ usr/bin/run→../../tmp/app/bin"], true],
    ["unless the link was replaced", ["usr/ usr/run→/tmp/app/bin", "usr/run(1)"], false],
    ["unless the link was deleted", ["usr/ usr/run→/tmp/app/bin", "usr/ usr/.wh.run"], false],
  ])("%s", async (_, layers, wanted) => {
    expect((await inUse({}, [tree, ...layers]))("tmp/app/bin")).toBe(wanted);
  });

  test("a replaced link does not count because its file is still there", async () => {
    const has = await inUse({}, [tree, "usr/ usr/run→/tmp/app/bin", "usr/ usr/run→/srv/x/y"]);
    expect([has("tmp/app/bin"), has("srv/x/y")]).toEqual([false, true]);
  });

  test("a link within one cache keeps nothing", async () => {
    const has = await inUse({}, ["root/ root/.npm/ root/.npm/a(1) root/.npm/b→a"]);
    expect(has("root/.npm/a")).toBe(false);
  });
});
