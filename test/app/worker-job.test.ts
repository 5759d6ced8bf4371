import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chooseRules } from "../../src/lint/settings.ts";
import { startWorker } from "../../src/app/threads/worker-job.ts";
import { layerlint } from "../support/command.ts";

const command = join(import.meta.dirname, "../../dist/bin/layerlint.js");
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "layerlint-share-"));
  for (let i = 0; i < 130; i++) {
    mkdirSync(join(folder, `${i}`));
    const token = i % 50 === 7 ? "ENV API_TOKEN=3fa85f6457174562b3fc\n" : "";
    const broken = i % 40 === 3 ? "RUNN x\n" : "";
    writeFileSync(
      join(folder, `${i}/Dockerfile`),
      `FROM debian:12\n${token}${"# line\n".repeat(i % 7)}RUN apt-get update && apt-get install -y x${i}\n${broken}`,
    );
  }
  writeFileSync(
    join(folder, ".layerlint.yaml"),
    "overrides:\n  - files: ['9*/**']\n    rules: {leftover-cache: off}\n",
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("many Dockerfiles are split between two threads", () => {
  test.each(["json", "pretty", "gnu"])("the %s report equals that of a single thread", async (format) => {
    const argv = ["lint", "--no-fail", "--format", format, folder];
    const shared = execFileSync(process.execPath, [command, ...argv], { encoding: "utf8" });
    const { stdout } = await layerlint(argv);
    expect(shared.replace(/"version": ".*"/, "")).toBe(stdout.replace(/"version": ".*"/, ""));
    expect(shared.length).toBeGreaterThan(5000);
    expect(shared).not.toContain("3fa85f6457174562b3fc");
  });

  const group = [
    [{ kind: "dockerfile", name: "d", text: "FROM a\n", encoding: "utf8", path: "d", onDisk: true }],
  ] as const;
  const settings = {
    rules: chooseRules([], { only: [], skip: [], severity: [] }),
    failOn: "never",
    budget: undefined,
  } as const;
  const groups = (n: number) => Array.from({ length: n }, () => [group[0], settings] as const);
  const environment = { cwd: "/", launcher: command };

  test.runIf(availableParallelism() > 1)("half of them", async () => {
    const helper = startWorker(groups(200), {}, environment);
    expect(helper?.from).toBe(100);
    await helper?.audits.catch(() => undefined);
  });

  test("one thread runs if that is faster, or if --target may refuse a file", () => {
    expect(startWorker(groups(20), {}, environment)).toBeUndefined();
    expect(startWorker(groups(200), { target: "x" }, environment)).toBeUndefined();
    expect(startWorker(groups(200), {}, { cwd: "/" })).toBeUndefined();
  });
});
