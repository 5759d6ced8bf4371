import { describe, expect, test } from "vitest";
import { missingAssumeYes } from "../../../rules/packages/missing-assume-yes.ts";
import { checkedFix, fixWith, safetyOf } from "../../support/fixes.ts";
import { findingsOf } from "../../support/subject.ts";

const head = "FROM base:1\n";

describe("-y goes behind the verb", () => {
  test.each([
    ["RUN apt-get install git\n", "RUN apt-get install -y git\n"],
    [
      "RUN apt-get -q install git && apt-get purge vim",
      "RUN apt-get -q install -y git && apt-get purge -y vim",
    ],
    ["RUN apt-get -t trixie install \\\n    git\n", "RUN apt-get -t trixie install -y \\\n    git\n"],
    ["RUN yum install git || true\n", "RUN yum install -y git || true\n"],
    ["RUN if true; then dnf -x foo upgrade; fi\n", "RUN if true; then dnf -x foo upgrade -y; fi\n"],
    ["RUN zypper in git\n", "RUN zypper in -y git\n"],
    ["RUN <<E\nsudo apt-get install git\nE\n", "RUN <<E\nsudo apt-get install -y git\nE\n"],
    ["RUN sh -c 'apt-get install git'\n", "RUN sh -c 'apt-get install -y git'\n"],
  ])("%j", async (run, wanted) => {
    const dockerfile = head + run;
    expect(await safetyOf(missingAssumeYes, { dockerfile })).toBe("safe");
    expect(await checkedFix(missingAssumeYes, dockerfile)).toBe(head + wanted);
  });

  test("in exec form and PowerShell there is no edit", async () => {
    const dockerfile = `${head}RUN ["apt-get", "install", "git"]\n`;
    expect(await findingsOf(missingAssumeYes, { dockerfile })).toHaveLength(1);
    expect(await fixWith(missingAssumeYes, { dockerfile })).toBe(dockerfile);
  });
});

describe("nothing is said", () => {
  test.each([
    "RUN apt-get install -y git",
    "RUN apt-get -yq install git",
    "RUN apt-get install -qqy git",
    "RUN apt-get -qq install git",
    "RUN apt-get -q=2 install git",
    "RUN apt-get install git --yes",
    "RUN apt-get install --assume-yes git",
    "RUN apt-get update && apt-get clean && apt-get download x",
    "RUN apt-get -s install git",
    "RUN apt-get -o APT::Get::Assume-Yes=true install git",
    "RUN echo 'APT::Get::Assume-Yes \"true\";' > /etc/apt/apt.conf.d/90\nRUN apt-get install git",
    "RUN yes | apt-get install git",
    "RUN echo y | sudo apt-get install git",
    "RUN apt-get install git < /answers",
    "RUN apt-get $APT_OPTS install git",
    "RUN dnf -y install git",
    "RUN dnf install git --assumeyes",
    "RUN echo assumeyes=1 >> /etc/dnf/dnf.conf && dnf install git",
    "RUN microdnf install git",
    "RUN dnf repolist && yum clean all",
    "RUN zypper -n in git",
    "RUN zypper --non-interactive install git",
    "RUN zypper install --no-confirm git",
    "RUN apk add git",
    "RUN apt-cache search git && apt-mark auto git",
  ])("%s", async (run) => {
    expect(await findingsOf(missingAssumeYes, { dockerfile: `${head}${run}\n` })).toEqual([]);
  });
});
