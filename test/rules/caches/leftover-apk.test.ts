import { describe, expect, test } from "vitest";
import { leftoverCache } from "../../../rules/caches/leftover-cache.ts";
import { checkedFix, editsOf, fixWith, safetyOf } from "../../support/fixes.ts";

const head = "FROM alpine:3.23\n";

async function fixed(run: string, unsafe = false): Promise<string> {
  const dockerfile = head + run;
  return (await checkedFix(leftoverCache, dockerfile, unsafe)).slice(head.length);
}

describe("apk gets --no-cache, and commands that become useless are removed", () => {
  test.each([
    ["RUN apk add git\n", "RUN apk add --no-cache git\n"],
    ["RUN apk add git", "RUN apk add --no-cache git"],
    ["RUN apk update && apk add git\n", "RUN apk add --no-cache git\n"],
    ["RUN apk update; apk add git\n", "RUN apk add --no-cache git\n"],
    ["RUN apk update && apk add --no-cache git\n", "RUN apk add --no-cache git\n"],
    [
      "RUN apk update && apk upgrade && apk add -q git && git --version\n",
      "RUN apk upgrade --no-cache && apk add --no-cache -q git && git --version\n",
    ],
    ["RUN apk add -U --virtual .build git\n", "RUN apk add --no-cache --virtual .build git\n"],
    ["RUN apk --update add git\n", "RUN apk add --no-cache git\n"],
    ["RUN apk add git --update-cache\n", "RUN apk add --no-cache git\n"],
    [
      "RUN apk add \\\n    --update \\\n    git \\\n    # for maps\n    geos\n",
      "RUN apk add --no-cache \\\n    git \\\n    # for maps\n    geos\n",
    ],
    [
      "RUN apk update \\\n && apk add git \\\n && git --version\n",
      "RUN apk add --no-cache git \\\n && git --version\n",
    ],
    ["RUN set -ex; \\\n\tapk update; \\\n\tapk add git\n", "RUN set -ex; \\\n\tapk add --no-cache git\n"],
    ["RUN <<E\nset -e\napk update\napk add git\nE\n", "RUN <<E\nset -e\napk add --no-cache git\nE\n"],
    [
      "RUN apk add git && rm -rf /var/cache/apk/* && apk add jq\n",
      "RUN apk add --no-cache git && apk add --no-cache jq\n",
    ],
    [
      "RUN apk add git && if true; then apk add jq; fi && apk add vim\n",
      "RUN apk add --no-cache git && if true; then apk add --no-cache jq; fi && apk add --no-cache vim\n",
    ],
    [
      "RUN apk add git && rm -rf /var/cache/apk/* /tmp/x && apk add jq\n",
      "RUN apk add --no-cache git && rm -rf /var/cache/apk/* /tmp/x && apk add --no-cache jq\n",
    ],
    [
      "RUN apk add git && ls /var/cache/apk/* && apk add jq\n",
      "RUN apk add --no-cache git && ls /var/cache/apk/* && apk add --no-cache jq\n",
    ],
    ["RUN apk update\nRUN apk add git\n", "RUN apk add --no-cache git\n"],
    [
      "RUN apk update\nRUN --mount=type=tmpfs,target=/var/cache apk add -U git\n",
      "RUN --mount=type=tmpfs,target=/var/cache apk add -U git\n",
    ],
    [
      "RUN apk update\nRUN --mount=type=tmpfs,target=/tmp apk add git\n",
      "RUN --mount=type=tmpfs,target=/tmp apk add --no-cache git\n",
    ],
    ["RUN apk update\nRUN apk add --no-cache git\n", "RUN apk add --no-cache git\n"],
    [
      "RUN apk update && apk add git\nRUN apk add jq\n",
      "RUN apk add --no-cache git\nRUN apk add --no-cache jq\n",
    ],
    [
      "RUN apk update && apk add git\nRUN gcc -c /x.c && apk del git\n",
      "RUN apk add --no-cache git\nRUN gcc -c /x.c && apk del git\n",
    ],
  ])("%j", async (run, wanted) => {
    expect(await safetyOf(leftoverCache, { dockerfile: head + run })).toBe("safe");
    expect(await fixed(run)).toBe(wanted);
  });

  test("an update that cannot be taken out stays, and its index is removed", async () => {
    const run = "RUN apk update && apk search git && apk add git\n";
    expect(await fixed(run)).toBe(
      "RUN apk update && apk search git && apk add --no-cache git && rm -rf /var/cache/apk/*\n",
    );
    expect(await fixed("RUN (apk update && apk add git)\n")).toBe(
      "RUN (apk update && apk add --no-cache git) && rm -rf /var/cache/apk/*\n",
    );
  });

  test("an update for a command that may not fetch stays", async () => {
    expect(await fixed("RUN apk update && apk add --no-network git && apk add jq\n")).toBe(
      "RUN apk update && apk add --no-network git && apk add --no-cache jq && rm -rf /var/cache/apk/*\n",
    );
  });

  test("a file that the update writes stays", async () => {
    expect(await fixed("RUN apk update > /log && apk add git\n")).toBe(
      "RUN apk update > /log && apk add --no-cache git && rm -rf /var/cache/apk/*\n",
    );
  });
});

test.each([
  ["RUN apk add git\n", "add --no-cache to apk"],
  ["RUN apk add git && apk add jq\n", "add --no-cache to apk, every time"],
  ["RUN apk update && apk add git\n", "add --no-cache to apk, and drop apk update"],
  ["RUN apk update && id\n", "drop apk update"],
  ["RUN apk update && apk search git\n", "append rm -rf /var/cache/apk/* to line 2"],
  [
    "RUN apk update && apk search git && apk add git\n",
    "add --no-cache to apk, and append rm -rf /var/cache/apk/* to line 2",
  ],
])("the description says what changes: %j", async (run, wanted) => {
  const [fix] = await editsOf(leftoverCache, { dockerfile: head + run });
  expect(fix?.description).toBe(wanted);
});

describe("it is unsafe if only this condition fails", () => {
  test.each([
    [
      "no other consumer of the update",
      "RUN apk update && apk add git\nRUN apk search jq\n",
      /line 3 may need the index/,
    ],
    [
      "no task of the project",
      "RUN apk update && apk add git\nRUN make -C /x && apk del git\n",
      /line 3 runs make, which may need the index/,
    ],
    ["no reader of the index", "RUN apk add git\nRUN apk search jq\n", /line 3 may need the index/],
    [
      "no copy of the folder",
      "RUN apk add git\nRUN tar -cf /c.tar /var/cache\n",
      /line 3 may read the index/,
    ],
    ["no script, without an update too", "RUN apk add git\nRUN ./more\n", /line 3 runs \.\/more/],
    ["no script that may consume it", "RUN apk update && apk add git\nRUN ./more\n", /line 3 runs \.\/more/],
    [
      "no container that consumes it",
      "RUN apk update\nRUN apk add git\nCMD apk add jq\n",
      /the CMD of line 4/,
    ],
    ["no ONBUILD that consumes it", "RUN apk update\nONBUILD RUN apk add git\n", /line 3 may need the index/],
    [
      "a later add that takes no flag",
      'RUN apk update && apk add git\nRUN ["apk", "add", "jq"]\n',
      /line 3 may need the index/,
    ],
    [
      "no script in another shell",
      'RUN apk update && apk add git\nSHELL ["pwsh", "-c"]\nRUN x\n',
      /line 4 runs something unknown/,
    ],
    [
      "no script that is not understood",
      "RUN apk update && apk add git\nRUN x 'y\n",
      /line 3 runs something unknown/,
    ],
    [
      "no mount of a later RUN",
      "RUN apk update\nRUN --mount=type=cache,target=/etc/apk/cache apk add git\n",
      /a mount covers/,
    ],
    ["no failure that the update hid", "RUN apk add git; apk update\n", /continues after a failed command/],
    ["no --cache-dir", "RUN apk add --cache-dir /c jq && apk add git\n", /the RUN uses --cache-dir/],
    [
      "list safety, where the update cannot be taken out",
      "RUN apk update; (apk update); apk add git; apk search x\n",
      /without set -e/,
    ],
  ])("%s", async (_, run, condition) => {
    expect(await safetyOf(leftoverCache, { dockerfile: head + run })).toMatch(condition);
  });

  test("no mount: although the layer shows an index", async () => {
    for (const target of ["/var/cache/apk", "/etc/apk/cache"]) {
      const dockerfile = `${head}RUN --mount=type=cache,target=${target} apk add git\n`;
      const layers = ["var/cache/apk/APKINDEX.tar.gz(2MB)"];
      expect(await safetyOf(leftoverCache, { dockerfile, layers })).toMatch(/a mount covers/);
      expect(await editsOf(leftoverCache, { dockerfile })).toEqual([]);
    }
  });

  test("a separate update is not removed", async () => {
    const dockerfile = `${head}RUN apk update && apk add git\nRUN apk update && apk search jq && ./more\n`;
    expect(await safetyOf(leftoverCache, { dockerfile })).toBe("safe");
  });
});

test("with the image the fix has bytes", async () => {
  const dockerfile = `${head}RUN apk update && apk add git\n`;
  const layers = ["var/cache/apk/APKINDEX.1.tar.gz(2MB) usr/bin/git(5MB)"];
  expect(await editsOf(leftoverCache, { dockerfile, layers })).toMatchObject([
    { safety: "safe", bytes: 2_000_000, description: "add --no-cache to apk, and drop apk update" },
    { safety: "unsafe", bytes: 2_000_000, description: "mount a cache over /var/cache/apk in line 2" },
  ]);
});

test("a later RUN whose own mount lies over the index needs none of it, and gets no --no-cache", async () => {
  const mounted = "RUN --mount=type=cache,target=/var/cache/apk apk add git\n";
  const dockerfile = `FROM alpine:3\nRUN apk update && apk add tzdata\n${mounted}`;
  expect(await safetyOf(leftoverCache, { dockerfile })).toBe("safe");
  expect(await fixWith(leftoverCache, { dockerfile })).toBe(
    `FROM alpine:3\nRUN apk add --no-cache tzdata\n${mounted}`,
  );
});

test.each(["/etc/apk/cache", "/var/cache/apk", "/var/cache"])(
  "a mount over %s is a reason to ask first",
  async (target) => {
    const offered = await safetyOf(leftoverCache, {
      dockerfile: `FROM alpine:3\nRUN --mount=type=cache,target=${target} apk add git\n`,
      layers: ["var/ var/cache/ var/cache/apk/ var/cache/apk/APKINDEX.a.tar.gz(900000)"],
    });
    expect(offered).toMatch(/a mount covers/);
  },
);
