/** With the image, the layers show whether code that the text does not show may have used a cache. */
import { describe, expect, test } from "vitest";
import { leftoverCache } from "../../../rules/caches/leftover-cache.ts";
import { safetyOf } from "../../support/fixes.ts";

const lists = "var/lib/apt/lists/a(4MB) usr/bin/x(5MB)";
const get = "apt-get update && apt-get install -y x";

/** The safety of cleaning apt's lists before a RUN of the project, given the layer that the RUN made. */
function afterwards(layer: string, run = "make", head = "WORKDIR /src\n"): Promise<string | undefined> {
  const dockerfile = `FROM debian:13\nRUN ${get}\n${head}RUN ${run}\n`;
  const layers = [lists, ...(head.startsWith("WORKDIR") ? [`${head.slice(9).trim()}/`] : []), layer];
  return safetyOf(leftoverCache, { dockerfile, layers });
}

describe("a task is refuted where its layer has", () => {
  test.each([
    ["files of the working folder", "src/build/x(1MB) src/.wh.old"],
    ["other caches", "root/.npm/_cacache/x(1) src/x(1)"],
    ["folders only", "usr/ usr/lib/"],
  ])("%s", async (_, layer) => {
    expect(await afterwards(layer)).toBe("safe");
  });

  test("files of a working folder among the sources of the system, or of a web server", async () => {
    expect(await afterwards("usr/src/app/x(1MB)", "make", "WORKDIR /usr/src/app\n")).toBe("safe");
    expect(await afterwards("var/www/x(1MB)", "make", "WORKDIR /var/www\n")).toBe("safe");
  });

  test("files of a folder that COPY filled", async () => {
    const dockerfile = `FROM debian:13\nRUN ${get}\nCOPY . /app\nRUN make -C /app\n`;
    const layers = [lists, "app/Makefile(1)", "app/x(1)"];
    expect(await safetyOf(leftoverCache, { dockerfile, layers })).toBe("safe");
  });
});

describe("a task is not refuted where its layer", () => {
  test.each([
    [
      "changed the package database",
      "var/lib/dpkg/status(1)",
      /line 4 runs make, .*: layer 2 changed the packages of dpkg/,
    ],
    [
      "changed the lists",
      "var/lib/apt/lists/b(1)",
      /: layer 2 changed apt's package lists \(\/var\/lib\/apt\/lists\/b\)/,
    ],
    ["deleted from the lists", "var/lib/apt/lists/.wh.b", /: layer 2 changed apt's package lists/],
    ["has files elsewhere", "src/x(1) upgradable.txt(1)", /: layer 2 has \/upgradable\.txt/],
    ["deleted files elsewhere", "etc/.wh.x", /: layer 2 has \/etc\/x/],
    ["emptied a folder elsewhere", "etc/ etc/.wh..wh..opq", /: layer 2 has \/etc/],
    ["has programs", "usr/local/bin/x(1)", /: layer 2 has \/usr\/local\/bin\/x/],
    ["has a link elsewhere", "etc/x→/y", /: layer 2 has \/etc\/x/],
  ])("%s", async (_, layer, condition) => {
    expect(await afterwards(layer)).toMatch(condition);
  });

  test("has files of the system's folder that is the working folder", async () => {
    expect(await afterwards("var/lib/x(1)", "make", "WORKDIR /var/lib\n")).toMatch(
      /layer 2 has \/var\/lib\/x/,
    );
  });

  test("is not known", async () => {
    const dockerfile = `FROM debian:13\nRUN ${get}\nRUN make\n`;
    const sketch = { dockerfile, builtFrom: `FROM debian:13\nRUN ${get}\n`, layers: [lists] };
    expect(await safetyOf(leftoverCache, sketch)).toMatch(/no layer shows what it wrote/);
  });
});

describe("the layers do not refute", () => {
  test.each([
    ["a reader of the lists", "apt list > /src/x", /uses apt/],
    ["a copy of the folder", "cp -r /var/lib/apt /src", /may read/],
    ["a reader after a task", "make && apt-cache policy > x", /line 4 uses apt-cache/],
    ["a copy after a task", "make && tar -cf x /var", /may read/],
    [
      "a loop over the folder beside a task",
      "make; for x in /var/lib/apt/lists/*; do cat $x; done",
      /may read/,
    ],
  ])("%s", async (_, run, condition) => {
    expect(await afterwards("src/x(1)", run)).toMatch(condition);
  });

  test("an ONBUILD, which runs in other builds", async () => {
    const dockerfile = `FROM debian:13\nRUN ${get}\nONBUILD RUN make\n`;
    expect(await safetyOf(leftoverCache, { dockerfile, layers: [lists] })).toMatch(/the ONBUILD of line 3/);
  });

  test("a task of the same RUN, whose layer has the cache", async () => {
    const dockerfile = "FROM debian:13\nRUN pip install x && make\n";
    const layers = ["root/.cache/pip/x(4MB)"];
    expect(await safetyOf(leftoverCache, { dockerfile, layers })).toMatch(/make may need what this removes/);
  });
});

test("a cache that a variable moved is looked for where it is", async () => {
  const dockerfile = "FROM a\nENV PIP_CACHE_DIR=/app/cache\nWORKDIR /app\nRUN pip install x\nRUN make\n";
  const sketch = (layer: string) => ({
    dockerfile,
    layers: ["app/", "app/cache/http/x(4MB)", layer],
    config: { env: ["PIP_CACHE_DIR=/app/cache"] },
  });
  expect(await safetyOf(leftoverCache, sketch("app/x(1)"))).toBe("safe");
  expect(await safetyOf(leftoverCache, sketch("app/cache/y(1)"))).toMatch(/layer 2 changed pip's cache/);
});

test("apk's index", async () => {
  const dockerfile = "FROM alpine:3\nRUN apk update && apk add x\nWORKDIR /src\nRUN make && apk add y\n";
  const layers = (last: string) => ["var/cache/apk/APKINDEX.a.tar.gz(2MB)", "src/", last];
  expect(await safetyOf(leftoverCache, { dockerfile, layers: layers("src/x(1)") })).toBe("safe");
  expect(await safetyOf(leftoverCache, { dockerfile, layers: layers("lib/apk/db/installed(1)") })).toMatch(
    /line 4 runs make/,
  );
});
