import { describe, expect, test } from "vitest";
import { identicalRewrite } from "../../../rules/layers/identical-rewrite.ts";
import { metadataRewrite } from "../../../rules/layers/metadata-rewrite.ts";
import { rewrittenLater } from "../../../rules/layers/rewritten-later.ts";
import { upgradeInBuild } from "../../../rules/packages/upgrade-in-build.ts";
import { editsOf, fixWith, unsafeFix } from "../../support/fixes.ts";
import { findingsOf } from "../../support/subject.ts";

const head = "FROM base:1\n";

describe("an upgrade of everything is found, and goes unsafely", () => {
  test.each([
    [
      "RUN apt-get update && apt-get -y dist-upgrade && apt-get install -y git\n",
      "RUN apt-get update && apt-get install -y git\n",
    ],
    ["RUN apk upgrade --no-cache\nRUN id\n", "RUN id\n"],
    ["RUN apk -U upgrade && id", "RUN id"],
    ["RUN set -e; yum -y update; id\n", "RUN set -e; id\n"],
    ["RUN dnf upgrade -y --refresh \\\n    && dnf clean all\n", ""],
    ["RUN zypper -n dup\nRUN id\n", "RUN id\n"],
    ["RUN microdnf update -y && id\n", "RUN id\n"],
  ])("%j", async (run, wanted) => {
    const dockerfile = head + run;
    expect(await findingsOf(upgradeInBuild, { dockerfile })).toHaveLength(1);
    expect(await unsafeFix(upgradeInBuild, dockerfile)).toBe(head + wanted);
  });

  test("without an edit where it cannot be taken out", async () => {
    const dockerfile = `${head}RUN (apt-get update; apt-get -y upgrade)\n`;
    expect(await findingsOf(upgradeInBuild, { dockerfile })).toHaveLength(1);
    expect(await editsOf(upgradeInBuild, { dockerfile })).toEqual([]);
  });
});

describe("nothing is said of", () => {
  test.each([
    ["packages by name", "RUN apk upgrade openssl && dnf -y update glibc && yum -y update openssl-libs\n"],
    ["security updates", "RUN dnf -y update --security && zypper -n patch\n"],
    ["lists", "RUN apt-get update && apk update\n"],
    ["upgrades that may not run", 'RUN if [ -n "$X" ]; then apt-get -y upgrade; fi\n'],
    ["builder stages", "RUN apt-get -y upgrade\nFROM scratch\n"],
    ["pacman, which knows no other way", "RUN pacman -Syu --noconfirm\n"],
    ["pip", "RUN pip install --upgrade pip\n"],
  ])("%s", async (_, run) => {
    expect(await findingsOf(upgradeInBuild, { dockerfile: head + run })).toEqual([]);
  });
});

const recorded = (createdBy: string) => ({ createdBy, emptyLayer: false });
const status = "var/lib/dpkg/status";

describe("with the image", () => {
  const dockerfile = `${head}RUN apt-get -y dist-upgrade\n`;
  const base = `usr/lib/x(3MB) usr/lib/y(1MB,y) ${status}(9)`;

  test("an upgrade is one finding, whether the content or only the time of a file changed", async () => {
    const layers = [base, `usr/lib/x(4MB) usr/lib/y(1MB,y,mtime=7) ${status}(10)`];
    const found = await findingsOf(upgradeInBuild, { dockerfile, layers, base: 1 });
    expect(found).toMatchObject([{ evidence: "both", severity: "info", bytes: 4_000_000 }]);
    expect(found[0]!.message).toMatch(
      /^line 2 upgrades packages \(apt-get dist-upgrade\), which replaces 4\.0 MB in 2 files of the base image/,
    );
    expect(found[0]!.fixes).toHaveLength(1);
    for (const rule of [rewrittenLater, metadataRewrite, identicalRewrite])
      expect(await findingsOf(rule, { dockerfile, layers, base: 1 })).toEqual(
        rule === rewrittenLater ? [expect.objectContaining({ bytes: 9 })] : [],
      );
  });

  test("the history of an image names the upgrade, and an installation is none", async () => {
    const layers = [base, `usr/lib/x(4MB) ${status}(10)`];
    const messages = async (createdBy: string) =>
      (await findingsOf(upgradeInBuild, { layers, base: 1, history: ["FROM", createdBy].map(recorded) })).map(
        ({ message }) => message.replace(/^layer 1 \(.*?\) /, ""),
      );
    expect(await messages("/bin/sh -c apt-get update && apt-get -y -q upgrade")).toEqual([
      expect.stringMatching(/^upgrades packages \(apt-get upgrade\), which replaces 3\.0 MB/),
    ]);
    expect(await messages("/bin/sh -c apt-get install -y libx")).toEqual([
      expect.stringMatching(/^installs packages that replace 3\.0 MB/),
    ]);
  });

  test("files of accounts and of the application are no part of an upgrade", async () => {
    const layers = [
      `etc/passwd(900000) app/x(900000) ${status}(9)`,
      `etc/passwd(910000) app/x(910000) ${status}(10)`,
    ];
    expect(await findingsOf(upgradeInBuild, { dockerfile, layers, base: 1 })).toEqual([]);
    expect(await findingsOf(rewrittenLater, { dockerfile, layers, base: 1 })).toHaveLength(2);
  });

  test("an upgrade that had nothing to do is silent", async () => {
    const layers = ["usr/lib/x(3MB)", "var/log/x(1kB)"];
    expect(await findingsOf(upgradeInBuild, { dockerfile, layers, base: 1 })).toEqual([]);
  });

  test("a file that the layer replaces without a package manager is none of it", async () => {
    const layers = ["usr/lib/x(3MB)", "usr/lib/x(4MB)"];
    expect(await findingsOf(upgradeInBuild, { dockerfile, layers, base: 1 })).toEqual([]);
    expect(await findingsOf(rewrittenLater, { dockerfile, layers, base: 1 })).toHaveLength(1);
  });
});

test("a RUN that would only clean up is dropped with the upgrade", async () => {
  for (const run of ["yum -y update && yum clean all", "apt-get upgrade -y && rm -rf /var/lib/apt/lists/*"])
    expect(await fixWith(upgradeInBuild, { dockerfile: `FROM base:1\nRUN ${run}\nUSER 7\n` }, true)).toBe(
      "FROM base:1\nUSER 7\n",
    );
});
