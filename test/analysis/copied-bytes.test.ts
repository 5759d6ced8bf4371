import { expect, test } from "vitest";
import { copiedBytes } from "../../src/analysis/steps/copied-bytes.ts";
import { subjectOf } from "../support/subject.ts";

/** The bytes of what a COPY makes of `path`, in a context with three files. */
async function bytesOf(copy: string, path: string, isWhole = true): Promise<number | undefined> {
  const files = { "a.txt": 10, "src/b": 20, "src/c": 30 };
  const { dockerfile, context } = await subjectOf({ dockerfile: `FROM a\n${copy}\n`, context: { files } });
  const seen = context && {
    ...context,
    taken: (sources: Parameters<typeof context.taken>[0]) => ({
      ...context.taken(sources),
      complete: isWhole,
    }),
  };
  return copiedBytes(dockerfile!.steps.at(-1)!, { path, kind: "file" }, seen);
}

test.each([
  ["COPY a.txt /a.txt", "/a.txt", 10],
  ["COPY a.txt /srv/", "/srv/a.txt", 10],
  // an upper bound: by its name, src/b may be a folder
  ["COPY a.txt src/b /srv/", "/srv/b", 30],
  ["COPY src /srv", "/srv", 50],
  ["COPY . /srv", "/srv", 60],
  ["ADD a.txt /a.txt", "/a.txt", 10],
  ["ADD https://example.org/a.txt /a.txt", "/a.txt", undefined],
  ["COPY missing /a.txt", "/a.txt", undefined],
  ["RUN touch /a.txt", "/a.txt", undefined],
])("%s makes %s of %s bytes", async (copy, path, wanted) => {
  expect(await bytesOf(copy, path)).toBe(wanted);
});

test("a context that is too large to be listed whole shows no sizes", async () => {
  expect(await bytesOf("COPY src /srv", "/srv", false)).toBeUndefined();
});
