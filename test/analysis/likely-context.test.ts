import { expect, test } from "vitest";
import { likelyContext } from "../../src/analysis/likely-context.ts";
import { resolveBuild } from "../../src/build/resolve-build.ts";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import { context } from "../../src/testing/context-sketch.ts";

const chosen = (text: string, own: Record<string, number>, ...above: Record<string, number>[]) =>
  likelyContext(
    resolveBuild(parseDockerfile(`FROM base\n${text}\n`)),
    context({ files: own, name: "own" }),
    above.map((files, i) => context({ files, name: `above ${i}` })),
  )?.name;

test("a Dockerfile that names files by their path from the root is built from there", () => {
  const own = { Dockerfile: 1, "run.sh": 1 };
  const parent = { "swarm/run.sh": 1 };
  const root = { "examples/swarm/run.sh": 1, "setup.py": 1 };
  expect(chosen("COPY . /src\nCOPY examples/swarm/run.sh /", own, parent, root)).toBe("above 1");
  expect(chosen("COPY ex*/swarm/*.sh /", own, parent, root)).toBe("above 1");
});

test("a file that no folder has, because the build makes it, moves the context nowhere", () => {
  expect(chosen("COPY build/libs/app.jar /", { Dockerfile: 1 }, { "src/a": 1 })).toBe("own");
  expect(chosen("COPY build/app.jar a.txt /", { "a.txt": 1 }, { "build/app.jar": 1 })).toBe("own");
});

test("a name without a folder says nothing: the folder above may have another file of that name", () => {
  expect(
    chosen("COPY dist ./package.json /app/", { "package.json": 1 }, { "dist/a": 1, "package.json": 1 }),
  ).toBe("own");
});

test("what the Dockerfile's own folder has is taken from there", () => {
  expect(chosen("COPY a/b /", { "a/b": 1 }, { "a/b": 1 })).toBe("own");
  expect(chosen("COPY --from=build a/b /\nADD https://example.com/a/b /", {}, { "a/b": 1 })).toBe("own");
});
