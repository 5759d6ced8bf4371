import { describe, expect, test } from "vitest";
import { leftoverCache } from "../../../rules/caches/leftover-cache.ts";
import { checkedFix, editsOf, fixWith, safetyOf } from "../../support/fixes.ts";

const head = "FROM debian:13-slim\n";
const get = "apt-get update && apt-get install -y --no-install-recommends locales tzdata";
const rm = "rm -rf /var/lib/apt/lists/*";

/** The Dockerfile after the safe fix, checked in every way the harness knows; with CRLF it must come out the same. */
async function fixed(dockerfile: string, unsafe = false): Promise<string> {
  return checkedFix(leftoverCache, dockerfile, unsafe);
}

function safety(dockerfile: string): Promise<string | undefined> {
  return safetyOf(leftoverCache, { dockerfile });
}

describe("the package lists are removed at the end of the RUN that fetched them", () => {
  test.each([
    ["one line", `RUN ${get}\n`, `RUN ${get} && ${rm}\n`],
    ["no final newline", `RUN ${get}`, `RUN ${get} && ${rm}`],
    [
      "&& in front, arguments on lines, comments between",
      "RUN apt-get update \\\n # what we need\n && apt-get install -y \\\n\tvim \\\n\t# for maps\n\tgdal-bin\n",
      `RUN apt-get update \\\n # what we need\n && apt-get install -y \\\n\tvim \\\n\t# for maps\n\tgdal-bin \\\n\t&& ${rm}\n`,
    ],
    [
      "&& at the end",
      "RUN apt-get update && \\\n    apt-get install -yqq vim && \\\n    vim --version\n",
      `RUN apt-get update && \\\n    apt-get install -yqq vim && \\\n    vim --version && \\\n    ${rm}\n`,
    ],
    [
      "set -ex with ;",
      "RUN set -ex; \\\n\tapt-get update; \\\n\tapt-get install -y vim; \\\n\tvim --version\n",
      `RUN set -ex; \\\n\tapt-get update; \\\n\tapt-get install -y vim; \\\n\tvim --version; \\\n\t${rm}\n`,
    ],
    [
      "a heredoc with set -e",
      "RUN <<SETUP\nset -eu\napt-get update\napt-get install -y vim\nSETUP\n",
      `RUN <<SETUP\nset -eu\napt-get update\napt-get install -y vim\n${rm}\nSETUP\n`,
    ],
    ["sudo as root", `USER 0\nRUN sudo apt-get update && sudo apt-get install -y vim\n`, ` && ${rm}\n`],
    ["sh -c", `RUN sh -c '${get}'\n`, `' && ${rm}\n`],
    ["apt", "RUN apt update && apt install -y vim\n", `vim && ${rm}\n`],
    [
      "a cache mount beside the lists",
      `RUN --mount=type=cache,target=/var/cache/apt ${get}\n`,
      ` && ${rm}\n`,
    ],
    ["lists removed before the last update", `RUN ${rm} && ${get}\n`, `RUN ${rm} && ${get} && ${rm}\n`],
  ])("%s", async (_, run, end) => {
    expect(await safety(head + run)).toBe("safe");
    const text = await fixed(head + run);
    if (end.startsWith("RUN")) expect(text).toBe(head + end);
    else expect(text.endsWith(end)).toBe(true);
  });

  test("a backtick as escape", async () => {
    const text = "# escape=`\nFROM debian:13\nRUN apt-get update `\n && apt-get install -y vim\n";
    expect(await fixed(text)).toBe(`${text.trimEnd()} \`\n && ${rm}\n`);
  });

  test.each([
    [
      "a loop at the end",
      `RUN ${get} && for l in de fr; do locale-gen $l; done\n`,
      `RUN ${get} && ${rm} && for l in de fr; do locale-gen $l; done\n`,
    ],
    ["exec at the end", `RUN ${get} && exec date\n`, `RUN ${get} && ${rm} && exec date\n`],
    [
      "a comment at the end of a heredoc's line",
      "RUN <<E\nset -e\napt-get update && apt-get install -y vim\ntouch /x # done\nE\n",
      `RUN <<E\nset -e\napt-get update && apt-get install -y vim\n${rm}\ntouch /x # done\nE\n`,
    ],
    [
      "a file written from a heredoc",
      `RUN ${get} && cat > /etc/motd <<E\nhello\nE\n`,
      `RUN ${get} && ${rm} && cat > /etc/motd <<E\nhello\nE\n`,
    ],
  ])("and where that is not exact, behind the last install: %s", async (_, run, wanted) => {
    expect(await safety(head + run)).toBe("safe");
    expect(await fixed(head + run)).toBe(head + wanted);
  });

  test("an install whose failure ends the RUN by set -e still does", async () => {
    // `install && rm; date` would go on with `date` although the install failed
    const run = "RUN set -e; apt-get update && apt-get install -y vim; date; for i in 1; do id; done\n";
    expect(await fixed(head + run)).toBe(
      `${head}RUN set -e; apt-get update && apt-get install -y vim; ${rm}; date; for i in 1; do id; done\n`,
    );
  });
});

describe("it is unsafe, with its reason, if only this condition fails", () => {
  test.each([
    ["list safety: ||", `RUN ${get} || false\n`, /\|\|/],
    ["list safety: no set -e", "RUN apt-get update; apt-get install -y vim\n", /without set -e/],
    ["update and install in the RUN", "RUN apt-get update\n", /no apt-get install/],
    [
      "later apt without update",
      `RUN ${get}\nRUN apt-get install -y vim\n`,
      /line 3 uses apt-get without an update/,
    ],
    ["later apt-cache", `RUN ${get}\nRUN apt-cache policy vim\n`, /line 3 uses apt-cache/],
    ["later apt", `RUN ${get}\nRUN date && apt install -y vim\n`, /line 3 uses apt without/],
    ["later add-apt-repository", `RUN ${get}\nRUN add-apt-repository -y ppa:x/y\n`, /add-apt-repository/],
    ["later apt whose verb is a variable", `RUN ${get}\nRUN apt-get $WHAT vim\n`, /line 3 uses apt-get/],
    [
      "an update that may not run",
      `RUN ${get}\nRUN test -f x && apt-get update || true; apt-get install -y x\n`,
      /line 3/,
    ],
    [
      "an update of another branch",
      `RUN ${get}\nRUN if test -f x; then apt-get update; else apt-get install -y x; fi\n`,
      /line 3/,
    ],
    [
      "an update in a branch before",
      `RUN ${get}\nRUN if test -f x; then apt-get update; fi; apt-get install -y x\n`,
      /line 3/,
    ],
    [
      "an update that hangs on something, in a branch",
      `RUN ${get}\nRUN if a; then test -f x && apt-get update; apt-get install -y x; fi\n`,
      /line 3/,
    ],
    [
      "an update that hangs on something, below a comment",
      `RUN ${get}\nRUN if a; then test -f x && \\\n  # now\n  apt-get update; apt-get install -y x; fi\n`,
      /line 3/,
    ],
    [
      "apt in a stage FROM it",
      "FROM debian:13 AS one\nRUN " + get + "\nFROM one\nRUN apt-get install -y vim\n",
      /line 4/,
    ],
    ["apt in an ONBUILD", `RUN ${get}\nONBUILD RUN apt-get install -y vim\n`, /ONBUILD of line 3/],
    ["apt in an ONBUILD before", `ONBUILD RUN apt-get install -y vim\nRUN ${get}\n`, /ONBUILD of line 2/],
    [
      "what the container starts",
      `RUN ${get}\nCMD ["sh", "-c", "apt-get install -y $EXTRA && run"]\n`,
      /the CMD of line 3 may need/,
    ],
    [
      "what the container starts, in shell form",
      `RUN ${get}\nENTRYPOINT apt-cache show x\n`,
      /the ENTRYPOINT of line 3/,
    ],
    ["an unknown script: a path", `RUN ${get}\nRUN ./setup --all\n`, /line 3 runs \.\/setup/],
    [
      "an unknown script: a path of ours",
      `RUN ${get}\nRUN /opt/setup/git\n`,
      /line 3 runs \/opt\/setup\/git/,
    ],
    ["an unknown script: sh with a file", `RUN ${get}\nRUN bash -ex provision\n`, /line 3 runs bash/],
    [
      "an unknown script: out of a pipe",
      `RUN ${get}\nRUN curl -s https://x.example | sh\n`,
      /line 3 runs sh/,
    ],
    [
      "an unknown script: a wrapper that is not seen through",
      `RUN ${get}\nRUN env -S "apt-get install x"\n`,
      /line 3 runs env/,
    ],
    [
      "an unknown script: in another root",
      `RUN ${get}\nRUN chroot / apt-get install x\n`,
      /line 3 runs chroot/,
    ],
    ["an unknown script: a name", `RUN ${get}\nRUN provision-box\n`, /line 3 runs provision-box/],
    ["an unknown script: a variable", `RUN ${get}\nRUN $SETUP\n`, /line 3 runs \$SETUP/],
    ["an unknown script: a file that is sourced", `RUN ${get}\nRUN . /opt/env\n`, /line 3 runs \./],
    [
      "an unknown script: another shell",
      `RUN ${get}\nSHELL ["pwsh", "-c"]\nRUN x\n`,
      /line 4 runs something unknown/,
    ],
    [
      "a task of the project: make",
      `RUN ${get}\nRUN make -C /src deps\n`,
      /line 3 runs make, which may need/,
    ],
    ["a task of the project: npm", `RUN ${get}\nRUN npm run setup\n`, /line 3 runs npm/],
    ["a task of the project: yarn", `RUN ${get}\nRUN yarn build\n`, /line 3 runs yarn/],
    ["a task of the project, in an ONBUILD", `RUN ${get}\nONBUILD RUN make\n`, /ONBUILD of line 3/],
    ["a test runner", `RUN ${get}\nRUN tox -e py312\n`, /line 3 runs tox/],
    ["a program of an interpreter", `RUN ${get}\nRUN python setup.py install\n`, /line 3 runs python/],
    ["code that calls apt", `RUN ${get}\nRUN python -c 'import apt; apt.Cache()'\n`, /line 3 runs python/],
    ["apt list", `RUN ${get}\nRUN apt list --upgradable > /x\n`, /line 3 uses apt without/],
    ["another query", `RUN ${get}\nRUN aptitude why vim\n`, /line 3 uses aptitude/],
    ["a verb that nobody knows", `RUN ${get}\nRUN apt-get indextargets\n`, /line 3 uses apt-get/],
    [
      "the folder, by its name",
      `RUN ${get}\nRUN cp /var/lib/apt/lists/*InRelease /srv/\n`,
      /line 3 may read/,
    ],
    ["the folder, by a variable", `ENV L=/var/lib/apt\nRUN ${get}\nRUN cp -r $L /srv\n`, /line 4 may read/],
    [
      "the folder, by a loop",
      `RUN ${get}\nRUN for f in /var/lib/apt/lists/*; do cat $f; done\n`,
      /line 3 may read/,
    ],
    [
      "the folder, by a cd",
      `RUN ${get}\nRUN cd /var/lib/apt/lists && cat *InRelease > /x\n`,
      /line 3 may read/,
    ],
    ["the folder, by a glob", `RUN ${get}\nRUN cat /var/lib/a*/lists/*InRelease > /x\n`, /line 3 may read/],
    ["the folder, as working folder", `RUN ${get}\nWORKDIR /var/lib/apt/lists\n`, /line 3 may read/],
    ["a folder above", `RUN ${get}\nRUN tar -czf /x.tgz /var\n`, /line 3 may read/],
    ["all folders", `RUN ${get}\nRUN du -a / > /x\n`, /line 3 may read/],
    ["all folders, from the root", `WORKDIR /\nRUN ${get}\nRUN du -s > /x\n`, /line 4 may read/],
    ["all folders, as a list", `RUN ${get}\nRUN ls -lR / > /x\n`, /line 3 may read/],
    ["the container, by its folder", `RUN ${get}\nCMD ["ls", "/var/lib/apt/lists"]\n`, /the CMD of line 3/],
    ["the container, by a folder above", `RUN ${get}\nCMD tar -cz /var | nc x 1\n`, /the CMD of line 3/],
    [
      "a stage that copies the folder",
      `FROM debian:13 AS one\nRUN ${get}\nFROM scratch AS two\nCOPY --from=one /var/lib /x\nFROM one\n`,
      /line 4 may read/,
    ],
    [
      "a stage that mounts the folder",
      `FROM debian:13 AS one\nRUN ${get}\nFROM debian:13 AS two\nRUN --mount=from=one,target=/o cp -r /o/var /x\nFROM one\n`,
      /line 4 may read/,
    ],
    [
      "a stage that mounts the folder, by the number of the stage",
      `FROM debian:13 AS one\nRUN ${get}\nFROM debian:13 AS two\nRUN --mount=from=0,target=/o cp -r /o/var /x\nFROM one\n`,
      /line 4 may read/,
    ],
    ["a volume", `RUN ${get}\nVOLUME ["/srv", "/var/lib/apt/lists"]\n`, /line 3/],
    ["root", `USER app\nRUN sudo apt-get update && sudo apt-get install -y vim\n`, /the RUN's user is app/],
    [
      "root, as the base says",
      "RUN sudo apt-get update && sudo apt-get install -y vim\n",
      /base image's user/,
    ],
  ])("%s", async (_, run, condition) => {
    const dockerfile = run.startsWith("FROM") ? run : head + run;
    expect(await safety(dockerfile)).toMatch(condition);
    expect(await fixed(dockerfile)).toBe(dockerfile);
  });

  test("a mount over the lists, although the layer shows some", async () => {
    const dockerfile = `${head}RUN --mount=type=cache,target=/var/lib/apt ${get}\n`;
    const layers = ["var/lib/apt/lists/x(5MB)"];
    expect(await safetyOf(leftoverCache, { dockerfile, layers })).toMatch(/a mount covers/);
    expect(await editsOf(leftoverCache, { dockerfile })).toEqual([]);
  });
});

describe("later steps that do not need the lists do not matter", () => {
  test.each([
    ["an update of its own", `RUN ${get}\nRUN ${get}\n`],
    ["an ONBUILD with its own update", `RUN ${get}\nONBUILD RUN ${get}\n`],
    ["an ONBUILD that installs", `RUN ${get}\nONBUILD COPY . /src\nONBUILD RUN npm ci\n`],
    [
      "known programs",
      `RUN ${get}\nRUN cd /x && npm ci --cache /y && rm -rf /y && gcc-12 -v && python3.12 -V\n`,
    ],
    [
      "apt that needs no lists",
      `RUN ${get}\nRUN apt-get purge -y vim && apt-get autoremove -y && apt-mark auto x\n`,
    ],
    [
      "dependencies",
      `RUN ${get}\nRUN pip install -r x && npm ci && cargo build && go mod download && mvn -B package\n`,
    ],
    ["a module", `RUN ${get}\nRUN python3 -m venv /v && /v/bin/pip install x && . /v/bin/activate\n`],
    ["the version of any program", `RUN ${get}\nRUN tox --version && node --version\n`],
    ["code that shows what it does", `RUN ${get}\nRUN python -c 'import nltk; nltk.download("punkt")'\n`],
    ["an archive at the root", `RUN ${get}\nRUN curl -L https://h/x.tgz | tar -xz -C / && cp x /\n`],
    ["files beside the lists", `RUN ${get}\nRUN cp -r /var/lib/dpkg /x && chown -R app /var/www && ls /\n`],
    ["a removal of the folder above", `RUN ${get}\nRUN mkdir -p /var/lib/apt/lists/partial\n`],
    [
      "what hides the lists",
      `RUN ${get}\nRUN --mount=type=cache,target=/var/lib/apt/lists cp -r /var/lib/apt /x && make\n`,
    ],
    ["what the container runs", `RUN ${get}\nCMD ["./server"]\nENTRYPOINT ["/init.sh"]\n`],
    [
      "a stage that copies something else",
      `FROM debian:13 AS one\nRUN ${get}\nFROM scratch AS two\nCOPY --from=one /usr/bin /x\nFROM one\n`,
    ],
    [
      "a stage that mounts and takes something else",
      `FROM debian:13 AS one\nRUN ${get}\nFROM debian:13 AS two\nRUN --mount=from=one,target=/o cp -r /o/usr/bin /x\nFROM one\n`,
    ],
    [
      "a stage that mounts something else for a task",
      `FROM debian:13 AS one\nRUN ${get}\nFROM debian:13 AS two\nRUN --mount=from=one,source=/out,target=/o make\nFROM one\n`,
    ],
    [
      "a stage that mounts another image",
      `FROM debian:13 AS one\nRUN ${get}\nFROM debian:13 AS two\nRUN --mount=from=busybox,target=/o cp -r /o/var /x\nFROM one\n`,
    ],
    ["a comment that names the folder", `RUN ${get}\n# keeps /var/lib/apt/lists\nCMD ["./server"]\n`],
    ["a volume elsewhere", `RUN ${get}\nVOLUME ["/srv", "/data"]\n`],
    ["a program by its path", `RUN ${get}\nRUN /usr/bin/stat /x\n`],
    ["a script after an update", `RUN ${get}\nRUN apt-get update && ./setup\n`],
    ["scripts in the same RUN", `RUN ${get} && ./setup && bash x.sh || exit 1\n`],
    ["a heredoc for a shell", `RUN ${get}\nRUN bash <<E\ndate\nE\n`],
    [
      "a branch that updates before it installs, in the background",
      `RUN ${get}\nRUN if ! command -v git; then apt-get update; apt-get install -y git; fi & \\\n    wait\n`,
    ],
    [
      "a branch over lines",
      `RUN ${get}\nRUN if test -e /x; then \\\n      apt-get update; \\\n      apt-get install -y git; \\\n    fi\n`,
    ],
    [
      "a loop that tries again",
      `RUN ${get}\nRUN for i in 1 2 3; do apt-get update && apt-get install -y git && break || sleep 5; done\n`,
    ],
    [
      "a branch in a heredoc",
      `RUN ${get}\nRUN <<E\nset -e\nif test -e /x\nthen\n  apt-get update\n  apt-get install -y git\nfi\nE\n`,
    ],
    ["scripts of another stage", "FROM debian:13 AS a\nRUN ./setup\nFROM debian:13\nRUN " + get + "\n"],
  ])("%s", async (name, run) => {
    const dockerfile = run.startsWith("FROM") ? run : head + run;
    const offered = await safety(dockerfile);
    if (name === "scripts in the same RUN") expect(offered).toBeUndefined();
    else expect(offered).toBe("safe");
  });
});

describe("the unsafe edit is complete", () => {
  test("later installs get an update of their own, and then clean up as well", async () => {
    const dockerfile = `${head}RUN apt-get update\nRUN apt-get install -y vim\nRUN set -e; id; apt-get install -y jq\n`;
    expect(await fixed(dockerfile, true)).toBe(
      `${head}RUN apt-get update && ${rm}\nRUN apt-get update && apt-get install -y vim && ${rm}\nRUN set -e; id; apt-get update; apt-get install -y jq; ${rm}\n`,
    );
  });

  test("with sudo", async () => {
    const run = "USER app\nRUN sudo apt-get update && sudo apt-get install -y vim";
    expect(await fixed(`${head}${run}\n`, true)).toBe(`${head}${run} && sudo ${rm}\n`);
  });

  test("|| is put into braces", async () => {
    expect(await fixed(`${head}RUN ${get} || false\n`, true)).toBe(
      `${head}RUN { ${get} || false; } && ${rm}\n`,
    );
  });
});

describe("no edit is offered", () => {
  test.each([
    ["in exec form", `RUN ["sh", "-c", "${get}"]\n`],
    ["in a file with a syntax error", `RUN ${get}\nRUNN x\n`],
    [
      "for a later install that no update can be written for",
      `RUN ${get}\nRUN ["apt-get", "install", "-y", "x"]\n`,
    ],
  ])("%s", async (_, run) => {
    expect(await editsOf(leftoverCache, { dockerfile: head + run })).toEqual([]);
  });

  test("where a later RUN cleans: that one moves, which is another rule", async () => {
    expect(await editsOf(leftoverCache, { dockerfile: `${head}RUN ${get}\nRUN ${rm}\n` })).toEqual([]);
  });

  test("in builder stages, where a cache costs nothing", async () => {
    const dockerfile = `FROM debian:13 AS b\nRUN ${get}\nFROM scratch\nCOPY --from=b /x /x\n`;
    expect(await editsOf(leftoverCache, { dockerfile })).toEqual([]);
  });

  test("the fix is never apt-get clean", async () => {
    for (const dockerfile of [`${head}RUN ${get}\n`, `${head}RUN ${get} || true\n`])
      expect(await fixWith(leftoverCache, { dockerfile }, true)).not.toMatch(/apt-get clean/);
  });
});

describe("with the image", () => {
  const layers = ["usr/bin/x(5MB)", "var/lib/apt/lists/a(4MB) var/lib/apt/lists/partial/b(1MB)"];
  const dockerfile = `${head}RUN date\nRUN ${get}\n`;

  test("the same edit, with the saved bytes", async () => {
    const [fix] = await editsOf(leftoverCache, { dockerfile, layers });
    expect(fix).toMatchObject({ safety: "safe", bytes: 5_000_000 });
    expect(await fixWith(leftoverCache, { dockerfile, layers })).toBe(
      `${head}RUN date\nRUN ${get} && ${rm}\n`,
    );
  });

  test("an image of an earlier Dockerfile: what is cleaned now is not cleaned twice", async () => {
    const cleaned = `${head}RUN date\nRUN ${get} && ${rm}\n`;
    expect(await editsOf(leftoverCache, { dockerfile: cleaned, layers })).toEqual([]);
  });

  test("lists that a script fetched go by an unsafe edit", async () => {
    const script = `${head}RUN date\nRUN ./setup\n`;
    expect(await safetyOf(leftoverCache, { dockerfile: script, layers })).toMatch(/does not show/);
  });

  test("packages that apt kept go by an unsafe edit", async () => {
    const kept = ["usr/bin/x(5MB)", "var/cache/apt/archives/vim.deb(4MB) var/cache/apt/pkgcache.bin(1MB)"];
    const [fix] = await editsOf(leftoverCache, { dockerfile, layers: kept });
    expect(fix).toMatchObject({ safety: "unsafe", bytes: 5_000_000 });
  });
});

test("no update is put before what runs in the background: it may have one of its own", async () => {
  const run = `RUN ${get}\nRUN if ! command -v git; then apt-get install -y git; fi & \\\n    wait\n`;
  expect(await editsOf(leftoverCache, { dockerfile: head + run })).toEqual([]);
});

test("an update that a later RUN gets cleans up behind itself, in the same fix: else no byte would be saved", async () => {
  const dockerfile = `${head}RUN ${get}\nRUN apt-get install -y vim\nRUN apt-get install -y ed && ${rm}\n`;
  const late = await fixWith(
    leftoverCache,
    { dockerfile: `${head}RUN ${get}\nRUN sudo apt-get install -y vim\n` },
    true,
  );
  expect(late).toBe(
    `${head}RUN ${get} && ${rm}\nRUN sudo apt-get update && sudo apt-get install -y vim && sudo ${rm}\n`,
  );
  const linked = {
    dockerfile: dockerfile.replace(` && ${rm}`, ""),
    layers: ["var/ var/lib/ var/lib/apt/ var/lib/apt/lists/ var/lib/apt/lists/main(4MB)", "a(1)", "b(1)"],
  };
  const [fix] = await editsOf(leftoverCache, linked);
  expect(fix).toMatchObject({ safety: "unsafe", bytes: 4_000_000 });
  expect(await fixWith(leftoverCache, linked, true)).toBe(
    `${head}RUN ${get} && ${rm}\nRUN apt-get update && apt-get install -y vim && ${rm}\nRUN apt-get update && apt-get install -y ed && ${rm}\n`,
  );
});

test("nothing is put behind an exit, where it would never run", async () => {
  const dockerfile = `${head}RUN ${get}; exit 0\n`;
  expect(await safety(dockerfile)).toMatch(/without set -e/);
  expect(await fixed(dockerfile, true)).toBe(`${head}RUN ${get} && ${rm}; exit 0\n`);
});

test("2,000 RUNs take no time by their square", { timeout: 120_000 }, async () => {
  const runs = Array.from({ length: 1000 }, (_, i) => `RUN ${get} p${i}\nRUN make a${i}\n`);
  const fixes = await editsOf(leftoverCache, { dockerfile: head + runs.join("") });
  expect(fixes.filter(({ condition }) => condition?.includes("runs make") === true)).toHaveLength(1000);
  // a folder of its own for each
  const moved = Array.from({ length: 2000 }, (_, i) => `ENV PIP_CACHE_DIR=/x${i}/y\nRUN pip install p${i}\n`);
  const conditions = (await editsOf(leftoverCache, { dockerfile: head + moved.join("") })).map(
    ({ condition }) => condition,
  );
  expect(conditions).toContain("the file has too many caches to follow each of them");
});
