/** Inputs on which a release was wrong; each stands for its kind. */
import { describe, expect, test } from "vitest";
import { leftoverCache } from "../../../rules/caches/leftover-cache.ts";
import { updateWithoutInstall } from "../../../rules/packages/update-without-install.ts";
import { fixWith, safetyOf } from "../../support/fixes.ts";
import { findingsOf } from "../../support/subject.ts";

const get = "RUN apt-get update && apt-get install -y --no-install-recommends make\n";

/** Nothing is fixed, for this reason. */
async function refused(dockerfile: string, reason: RegExp): Promise<void> {
  expect(await safetyOf(leftoverCache, { dockerfile })).toMatch(reason);
  expect(await fixWith(leftoverCache, { dockerfile })).toBe(dockerfile);
}

async function messages(dockerfile: string): Promise<string[]> {
  return (await findingsOf(leftoverCache, { dockerfile })).map(({ message }) => message);
}

test("apt's lists that a Makefile wants", async () => {
  await refused(`FROM debian:12\n${get}COPY Makefile /src/\nRUN make -C /src deps\n`, /line 4 runs make/);
});

test("apt's lists whose content ends in a file", async () => {
  await refused(`FROM debian:12\n${get}RUN apt list --upgradable > /upgradable.txt\n`, /line 3 uses apt/);
});

test("apt's lists that are copied", async () => {
  await refused(`FROM debian:12\n${get}RUN cp /var/lib/apt/lists/*InRelease /srv/\n`, /line 3 may read/);
});

test("pip's cache that is archived", async () => {
  await refused(
    "FROM python:3.11\nENV PIP_CACHE_DIR=/opt/pipcache\nRUN pip install idna\nRUN tar czf /wheels.tgz /opt/pipcache\n",
    /line 4 may read/,
  );
});

describe("a ~ in the target of a mount, which no builder expands", () => {
  test.each(["~/.cache/pip", "~/.cache", "~root/.cache/pip"])("%s", async (target) => {
    const dockerfile = `FROM python:3.12\nRUN --mount=type=cache,target=${target} pip install requests\n`;
    expect(await messages(dockerfile)).toEqual([
      `line 2 leaves pip's cache in the image (~/.cache/pip): no builder expands the ~ of --mount=target=${target}`,
    ]);
  });

  test("but not in the middle of a name", async () => {
    expect(await messages("FROM a\nRUN --mount=type=cache,target=/x~/.cache/pip pip install y\n")).toEqual(
      [],
    );
  });
});

test.each([
  "playwright install-deps chromium",
  "npx playwright install-deps",
  "node install.js",
  "make deps",
])("%s may install something after apt-get update", async (command) => {
  const dockerfile = `FROM python:3.12\nRUN apt-get update && ${command} && rm -rf /var/lib/apt/lists/*\n`;
  expect(await findingsOf(updateWithoutInstall, { dockerfile })).toEqual([]);
});

test("of a list of folders in GOPATH, Go uses the first", async () => {
  const dockerfile = "FROM golang:1.22\nENV GOPATH=/one:/two\nRUN go install example.org/tool@latest\n";
  expect(await messages(dockerfile)).toContain("line 3 leaves Go's module cache in the image (/one/pkg/mod)");
  const sketch = { layers: ["one/pkg/mod/cache/x(2MB)"], config: { env: ["GOPATH=/one:/two"] } };
  expect(await findingsOf(leftoverCache, sketch)).toHaveLength(1);
});

test.each([
  ["yum install -y x", "/var/cache/yum or /var/cache/dnf"],
  ["dnf5 install -y x", "/var/cache/libdnf5"],
  ["tdnf install -y x", "/var/cache/tdnf"],
  ["microdnf install -y x", "/var/cache/yum or /var/cache/dnf"],
  ["dnf install -y x", "/var/cache/dnf or /var/cache/libdnf5"],
])("%s keeps its cache in %s", async (run, folder) => {
  expect(await messages(`FROM a\nRUN ${run}\n`)).toEqual([
    `line 2 leaves dnf's metadata and packages in the image (${folder})`,
  ]);
});

test("pip's cache on Windows", async () => {
  const layers = ["Files/Users/ContainerAdministrator/AppData/Local/pip/cache/http-v2/a/x(2MB)"];
  const [finding] = await findingsOf(leftoverCache, { layers });
  expect(finding?.message).toContain("pip's cache");
});
