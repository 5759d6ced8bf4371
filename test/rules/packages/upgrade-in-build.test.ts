import { describe, expect, test } from "vitest";
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

describe("with the image", () => {
  const dockerfile = `${head}RUN apt-get -y upgrade\n`;

  test("the bytes of the base that it replaces", async () => {
    const layers = ["usr/lib/x(3MB) usr/lib/y(1MB)", "usr/lib/x(4MB)"];
    const [finding] = await findingsOf(upgradeInBuild, { dockerfile, layers, base: 1 });
    expect(finding).toMatchObject({ evidence: "both" });
    expect(finding!.message).toMatch(/3\.0 MB of the base image are replaced/);
  });

  test("an upgrade that had nothing to do is silent", async () => {
    const layers = ["usr/lib/x(3MB)", "var/log/x(1kB)"];
    expect(await findingsOf(upgradeInBuild, { dockerfile, layers, base: 1 })).toEqual([]);
  });
});

test("a RUN that would only clean up is dropped with the upgrade", async () => {
  for (const run of ["yum -y update && yum clean all", "apt-get upgrade -y && rm -rf /var/lib/apt/lists/*"])
    expect(await fixWith(upgradeInBuild, { dockerfile: `FROM base:1\nRUN ${run}\nUSER 7\n` }, true)).toBe(
      "FROM base:1\nUSER 7\n",
    );
});
