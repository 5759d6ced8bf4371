import { describe, expect, test } from "vitest";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import { resolveBuild } from "../../src/build/resolve-build.ts";

function viewOf(text: string, target?: string) {
  return resolveBuild(parseDockerfile(text, "Dockerfile"), target === undefined ? {} : { target });
}

describe("the stage graph", () => {
  const text = `ARG base=deps
FROM a AS deps
FROM deps AS build
FROM b AS tools
FROM c AS unused
FROM \${base} AS base
FROM base
COPY --from=build /x /x
RUN --mount=type=bind,from=tools,target=/t true
ONBUILD COPY --from=2 /y /y
`;

  test("exported, needed and unreferenced stages", () => {
    const stages = viewOf(text).stages.map(({ stage, exported, needed }) => [stage.name, exported, needed]);
    expect(stages).toEqual([
      ["deps", true, true],
      ["build", false, true],
      ["tools", false, true],
      ["unused", false, false],
      ["base", true, true],
      [undefined, true, true],
    ]);
  });

  test("another target needs less", () => {
    const needed = viewOf(text, "build").stages.filter((stage) => stage.needed);
    expect(needed.map(({ stage }) => stage.name)).toEqual(["deps", "build"]);
  });

  test("references name the instruction and the stage", () => {
    const references = viewOf(text).references.map(({ from, to }) => `${from.line} ${to.name}`);
    expect(references).toEqual(["3 deps", "6 deps", "7 base", "8 build", "9 tools", "10 tools"]);
  });

  test("the steps of exported stages are the steps of the view", () => {
    const { steps, stages } = viewOf(text);
    expect(stages.filter(({ exported }) => exported).flatMap((stage) => stage.steps)).toEqual(steps);
    expect(stages.at(-1)!.steps[0]).toBe(steps[0]);
  });
});

describe("what the frontend understands", () => {
  test.each([
    ["", 2],
    ["# syntax=docker/dockerfile:1.4\n", 4],
    ["# syntax=docker.io/docker/dockerfile:1.7-labs\n", 7],
    ["# syntax=docker/dockerfile:1.10.0@sha256:aa\n", 10],
    ["# syntax=docker/dockerfile:1\n", Infinity],
    ["# syntax=docker/dockerfile\n", Infinity],
    ["# syntax=docker/dockerfile@sha256:aa\n", 2],
    ["# syntax=example.com/other/frontend:1.9\n", 2],
    ["# syntax=docker/dockerfile:1.0\n", 0],
  ])("%j: up to 1.%s", (head, minor) => {
    const { supportsFrontend } = viewOf(`${head}FROM x\n`);
    expect(supportsFrontend(Math.min(minor, 98))).toBe(true);
    if (minor < 98) expect(supportsFrontend(minor + 1)).toBe(false);
  });
});
