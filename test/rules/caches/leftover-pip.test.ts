import { describe, expect, test } from "vitest";
import { leftoverCache } from "../../../rules/caches/leftover-cache.ts";
import { checkFixes, checkedFix, editsOf, fixWith, safetyOf } from "../../support/fixes.ts";

const head = "FROM python:3.14-slim\n";

async function fixed(run: string): Promise<string> {
  const dockerfile = head + run;
  return (await checkedFix(leftoverCache, dockerfile)).slice(head.length);
}

const flag = "--no-cache-dir";

describe("pip gets the flag after its verb", () => {
  test.each([
    ["RUN pip install -r reqs.txt\n", `RUN pip install ${flag} -r reqs.txt\n`],
    ["RUN pip3.14 -q install flask", `RUN pip3.14 -q install ${flag} flask`],
    ["RUN python3 -m pip wheel -w /w .\n", `RUN python3 -m pip wheel ${flag} -w /w .\n`],
    ["RUN pip install a && pip download b\n", `RUN pip install ${flag} a && pip download ${flag} b\n`],
    [`RUN pip install ${flag} a && pip install b\n`, `RUN pip install ${flag} a && pip install ${flag} b\n`],
    [
      "RUN pip install \\\n      a \\\n # why\n      b\n",
      `RUN pip install ${flag} \\\n      a \\\n # why\n      b\n`,
    ],
    [
      "RUN if true; then pip install a; fi && pip install b || false\n",
      `RUN if true; then pip install ${flag} a; fi && pip install b || false\n`,
    ],
    ["RUN sh -ec 'pip install a'\n", `RUN sh -ec 'pip install ${flag} a'\n`],
    ['RUN ["sh", "-c", "pip install a"]\n', `RUN ["sh", "-c", "pip install ${flag} a"]\n`],
    [
      "RUN <<E\nset -e\n\tpip install a\npip install b; pip check\nE\n",
      `RUN <<E\nset -e\n\tpip install ${flag} a\npip install ${flag} b; pip check\nE\n`,
    ],
    ["USER app\nRUN pip install --user a; id\n", `USER app\nRUN pip install ${flag} --user a; id\n`],
  ])("%j", async (run, wanted) => {
    // the last pip of a list with || may not run, so that nothing is said
    if (run.includes("||")) expect(await fixed(run)).toBe(run);
    else {
      expect(await safetyOf(leftoverCache, { dockerfile: head + run })).toBe("safe");
      expect(await fixed(run)).toBe(wanted);
    }
  });
});

describe("it is unsafe where a later step reads the cache", () => {
  test.each([
    ["RUN pip install a && cp -r ~/.cache/pip /wheels\n", /the RUN may read the cache later/],
    ["RUN pip install a\nRUN tar cf /c.tar -C /root/.cache/pip .\n", /line 3 may read/],
    ["RUN pip install a\nRUN tar cf /c.tar /root/.cache\n", /line 3 may read/],
    ["RUN pip install a\nRUN pip cache list\n", /line 3 uses pip/],
    ["RUN pip install a\nONBUILD RUN ls ~/.cache/pip\n", /the ONBUILD of line 3/],
  ])("%j", async (run, condition) => {
    expect(await safetyOf(leftoverCache, { dockerfile: head + run })).toMatch(condition);
    expect(await fixed(run)).toBe(run);
  });

  test("in a stage FROM it", async () => {
    const dockerfile = `${head.trim()} AS one\nRUN pip install a\nFROM one\nRUN ls ~/.cache/pip\n`;
    expect(await safetyOf(leftoverCache, { dockerfile })).toMatch(/line 4/);
  });

  test("by a COPY out of the stage", async () => {
    const dockerfile = `${head.trim()} AS one\nRUN pip install a\nFROM scratch AS two\nCOPY --from=one /root/.cache/pip /c\nFROM one\n`;
    expect(await safetyOf(leftoverCache, { dockerfile })).toMatch(/line 4/);
  });
});

describe("no edit is offered", () => {
  test.each([
    ["for a flag that is there", `RUN pip install ${flag} a\n`],
    ["with the variable in ENV", "ENV PIP_NO_CACHE_DIR=yes\nRUN pip install a\n"],
    ["with the variable in ARG", "ARG PIP_NO_CACHE_DIR=1\nRUN pip install a\n"],
    ["with the variable before the command", "RUN PIP_NO_CACHE_DIR=on pip install a\n"],
    ["with the variable in a heredoc", "RUN <<E\nexport PIP_NO_CACHE_DIR=1\npip install a\nE\n"],
    ["with a mount on the home's cache", "RUN --mount=type=cache,target=/root/.cache/pip pip install a\n"],
    [
      "with a mount on XDG_CACHE_HOME",
      "ENV XDG_CACHE_HOME=/c\nRUN --mount=type=cache,target=/c pip install a\n",
    ],
    ["with a mount on PIP_CACHE_DIR", "RUN --mount=type=tmpfs,target=/p PIP_CACHE_DIR=/p pip install a\n"],
    ["for pipx", "RUN pipx install a\n"],
    ["for pipenv", "RUN pipenv install\n"],
    ["for a pip that is no module", "RUN python x.py -m pip\n"],
    ["for a command in exec form", 'RUN ["pip", "install", "a"]\n'],
    ["in an ONBUILD", "ONBUILD RUN pip install a\n"],
  ])("%s", async (_, run) => {
    expect(await editsOf(leftoverCache, { dockerfile: head + run })).toEqual([]);
  });
});

test("with the image the same edit has bytes", async () => {
  const dockerfile = `${head}RUN pip install a\n`;
  const layers = ["root/.cache/pip/http-v2/a(2MB) root/.cache/pip/selfcheck.json(1kB) usr/lib/x(9MB)"];
  expect(await editsOf(leftoverCache, { dockerfile, layers })).toMatchObject([
    { safety: "safe", bytes: 2_001_000, description: "add --no-cache-dir to pip" },
    { safety: "unsafe", bytes: 2_001_000, description: "mount a cache over /root/.cache/pip in line 2" },
  ]);
});

test.each(["uv sync", "uv pip install x", "poetry install"])(
  "%s gets its flag, unsafely",
  async (command) => {
    const dockerfile = `${head}RUN ${command} --quiet\n`;
    expect(await safetyOf(leftoverCache, { dockerfile })).not.toBe("safe");
    await checkFixes(leftoverCache, { dockerfile });
    expect(await fixWith(leftoverCache, { dockerfile }, true)).toBe(
      dockerfile
        .replace(" --quiet", " --no-cache --quiet")
        .replace("install x --no-cache", "install --no-cache x"),
    );
  },
);

test("a verb made by eval gets no flag", async () => {
  const fixes = await editsOf(leftoverCache, { dockerfile: `${head}RUN eval 'pip install a'\n` });
  expect(fixes.map(({ description }) => description)).toEqual([
    "mount a cache over /root/.cache/pip in line 2",
  ]);
});
