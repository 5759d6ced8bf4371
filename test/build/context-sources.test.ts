import { expect, test } from "vitest";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import { resolveBuild } from "../../src/build/resolve-build.ts";

function sourcesOf(text: string) {
  return resolveBuild(parseDockerfile(`FROM a\nARG DIR=src\nENV F=f\n${text}`, "Dockerfile")).steps.at(-1)!
    .sources;
}

const none = { exclude: [], parents: false };

test.each([
  ["COPY . /app", { paths: ["."], ...none }],
  ["COPY a b/* /app/", { paths: ["a", "b/*"], ...none }],
  ['COPY ["a b", "$DIR", "/app"]', { paths: ["a b", "src"], ...none }],
  ['COPY $DIR/${F}.ts "quoted" /app/', { paths: ["src/f.ts", "quoted"], ...none }],
  ["COPY --exclude=*.md --exclude=docs . /", { paths: ["."], exclude: ["*.md", "docs"], parents: false }],
  ["COPY --parents a/./b /", { paths: ["a/./b"], exclude: [], parents: true }],
  ["COPY --parents=false a /", { paths: ["a"], ...none }],
  [
    "ADD a.tar.gz https://example.com/x git@github.com:a/b.git https://github.com/a/b.git#v1 /",
    { paths: ["a.tar.gz"], ...none },
  ],
  ["COPY a <<EOF /x/\nbody\nEOF", { paths: ["a"], ...none }],
])("%j", (text, expected) => {
  expect(sourcesOf(text)).toEqual(expected);
});

test.each([
  "COPY --from=b . /",
  "COPY --from=0 . /",
  "COPY $UNKNOWN /",
  "COPY <<EOF /x\nbody\nEOF",
  "ADD https://example.com/x /",
  "COPY a",
  "COPY",
  "RUN a b",
])("%j takes nothing known from the context", (text) => {
  expect(sourcesOf(text)).toBeUndefined();
});
