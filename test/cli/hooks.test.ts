/** .pre-commit-hooks.yaml: the files it hands over are those that a folder would give. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { isDockerfileName } from "../../src/app/targets/find-dockerfiles.ts";

interface Hook {
  readonly id: string;
  readonly entry: string;
  readonly language: string;
  readonly files: string;
  readonly exclude: string;
}

const hooks = parse(
  readFileSync(join(import.meta.dirname, "../../.pre-commit-hooks.yaml"), "utf8"),
) as Hook[];

test("there are two, for node", () => {
  expect(hooks.map(({ id, entry, language }) => [id, entry, language])).toEqual([
    ["layerlint", "layerlint lint", "node"],
    ["layerlint-fix", "layerlint fix", "node"],
  ]);
});

describe.each(hooks)("$id takes", ({ files, exclude }) => {
  test.each([
    "Dockerfile",
    "Containerfile",
    "web.Dockerfile",
    ".Dockerfile",
    "Dockerfile.web",
    "Dockerfile.web.old",
    "Dockerfile.j2",
    "Dockerfile.md",
    "Dockerfile.sh",
    "Dockerfile.prod.yaml",
    "web.Dockerfile.orig",
    "Dockerfile.web~",
    "Dockerfile.mdx",
    "Dockerfile.dockerignore",
    "web.Dockerfile.dockerignore",
    "Dockerfiles",
    "MyDockerfile",
    "Containerfile.web",
    "dockerfile",
    "Dockerfile.",
    "Dockerfile.d/readme",
    "notes-Dockerfile.txt",
  ])("%s as a folder does", (name) => {
    const taken = (path: string) => new RegExp(files).test(path) && !new RegExp(exclude).test(path);
    const expected = name.includes("/") ? false : isDockerfileName(name);
    expect(taken(name)).toBe(expected);
    expect(taken(`deep/down/${name}`)).toBe(expected);
  });
});
