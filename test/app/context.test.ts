import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { beforeAll, expect, test } from "vitest";
import { Masker } from "../../src/app/masker.ts";
import { runTargets } from "../../src/app/run-targets.ts";
import { defineRule, type BuildContext } from "../../src/rule/contract.ts";
import { layerlint } from "../support/command.ts";
import { testFolder } from "../support/folder.ts";

const folder = testFolder("context");

beforeAll(async () => {
  for (const name of ["web", "other"]) await mkdir(join(folder, name));
  await writeFile(join(folder, "web/Dockerfile"), "FROM scratch\nCOPY a /\n");
  await writeFile(join(folder, "web/a"), "1");
  await writeFile(join(folder, "other/b"), "12");
});

/** What a rule would see as the context of each target. */
async function contexts(targets: readonly string[], context?: string): Promise<(BuildContext | undefined)[]> {
  const seen: (BuildContext | undefined)[] = [];
  const rule = defineRule({
    id: "spy",
    aliases: [],
    category: "size",
    severity: "info",
    reads: "dockerfile",
    docs: { summary: "", what: "", why: "", bad: [], good: [], fix: "" },
    check(subject) {
      seen.push(subject.context);
      return [];
    },
  });
  const settings = {
    rules: [{ rule, severity: "info", options: {} }],
    failOn: "never",
    budget: undefined,
  } as const;
  const resolver = { ignoredBy: async () => undefined, settings: async () => settings };
  await runTargets(
    { targets, options: { context }, resolver },
    {
      stdin: Readable.from([Buffer.from("FROM scratch\nCOPY b /\n")], { objectMode: false }),
      cwd: folder,
      signal: new AbortController().signal,
      masker: new Masker(),
    },
  );
  return seen;
}

test("the context of a Dockerfile is its folder, named as it was given", async () => {
  for (const target of ["web/Dockerfile", "web"]) {
    const [context] = await contexts([join(folder, target)]);
    expect(context!.name).toBe(join(folder, "web"));
    expect(context!.files().files.map(({ path }) => path)).toEqual(["Dockerfile", "a"]);
  }
});

test("--context names another one, with the ignore file that lies beside the Dockerfile", async () => {
  await writeFile(join(folder, "web/Dockerfile.dockerignore"), "b");
  const [context] = await contexts([join(folder, "web/Dockerfile")], join(folder, "other"));
  expect([context!.name, context!.ignores("b")]).toEqual([join(folder, "other"), true]);
});

test("standard input has no context, unless one is named", async () => {
  expect(await contexts(["-"])).toEqual([undefined]);
  const [context] = await contexts(["-"], join(folder, "other"));
  expect(context!.files().files).toMatchObject([{ path: "b", size: 2 }]);
});

test("a context that is not a folder is an error", async () => {
  const dockerfile = join(folder, "web/Dockerfile");
  for (const [name, message] of [
    [join(folder, "gone"), "no such file or folder"],
    [dockerfile, "--context needs a folder"],
  ]) {
    const { code, stdout, stderr } = await layerlint([dockerfile, "--context", name!]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(`${name}: ${message}`);
  }
});
