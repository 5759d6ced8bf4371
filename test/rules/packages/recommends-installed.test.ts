import { describe, expect, test } from "vitest";
import { recommendsInstalled } from "../../../rules/packages/recommends-installed.ts";
import { onlyRecommended, readPackages } from "../../../src/analysis/packages/dpkg.ts";
import { editsOf, safetyOf, unsafeFix } from "../../support/fixes.ts";
import { findingsOf } from "../../support/subject.ts";

const head = "FROM debian:13\n";
const flag = "--no-install-recommends";

test.each([
  [
    "RUN apt-get update && apt-get install -y git\n",
    `RUN apt-get update && apt-get install ${flag} -y git\n`,
  ],
  [
    "RUN apt-get -y install \\\n    git \\\n    # why\n    jq; apt install -y vim",
    `RUN apt-get -y install ${flag} \\\n    git \\\n    # why\n    jq; apt install ${flag} -y vim`,
  ],
])("the flag goes to every install, never safely: %j", async (run, wanted) => {
  const dockerfile = head + run;
  expect(await safetyOf(recommendsInstalled, { dockerfile })).toMatch(/fewer packages/);
  expect(await unsafeFix(recommendsInstalled, dockerfile)).toBe(head + wanted);
});

describe("nothing is said", () => {
  test.each([
    ["with the flag", `RUN apt-get install -y git ${flag}\n`],
    ["with the option", "RUN apt-get -o APT::Install-Recommends=0 install -y git\n"],
    [
      "with a setting before",
      "RUN echo 'apt::install-recommends \"0\";' > /etc/apt/apt.conf.d/x\nRUN apt-get install -y git\n",
    ],
    ["with settings that are copied", "COPY apt.conf /etc/apt/apt.conf.d/\nRUN apt-get install -y git\n"],
    ["with options out of a variable", "RUN apt-get install $APT_FLAGS git\n"],
    ["where it may not run", "RUN if false; then apt-get install -y git; fi\n"],
    ["of an installation of nothing", "RUN apt-get install -f -y && apt-get update\n"],
    ["in builder stages", "RUN apt-get install -y git\nFROM scratch\n"],
  ])("%s", async (_, run) => {
    expect(await findingsOf(recommendsInstalled, { dockerfile: head + run })).toEqual([]);
  });
});

function paragraph(name: string, size: number, more = ""): string {
  return `Package: ${name}\nStatus: install ok installed\nInstalled-Size: ${size}\nVersion: 1\n${more}Description: x\n y\n\n`;
}

const base =
  paragraph("libc6", 10_000) + paragraph("dash", 200, "Essential: yes\nPre-Depends: libc6 (>= 2)\n");
const status = `${base}${paragraph("git", 20_000, "Depends: libc6, libcurl | libcurl-gnutls:any (>= 7),\n perl\nRecommends: ssh, patch\n")}${paragraph("libcurl-gnutls", 500, "Depends: tls\n")}${paragraph("gnutls", 600, "Provides: tls (= 3)\n")}${paragraph("perl", 700)}${paragraph("patch", 800)}${paragraph("ssh", 4000, "Depends: libfido\n")}${paragraph("libfido", 1000)}Package: old\nStatus: deinstall ok config-files\nInstalled-Size: 9\n\n`;
const states = ["libcurl-gnutls", "gnutls", "perl", "patch", "ssh", "libfido", "old"]
  .map((name) => `Package: ${name}\nArchitecture: amd64\nAuto-Installed: 1\n`)
  .join("\n");

test("what only recommendations brought: no Depends leads there", () => {
  const found = onlyRecommended(readPackages(status, states));
  expect(found.map(({ name }) => name)).toEqual(["patch", "ssh", "libfido"]);
  expect(onlyRecommended(readPackages(status.replaceAll("\n", "\n"), ""))).toEqual([]);
});

test("Pre-Depends, Provides and Essential lead to a package as well", () => {
  const packages =
    paragraph("app", 1, "Pre-Depends: early\n") +
    paragraph("early", 2, "Depends: mail-agent\n") +
    paragraph("postfix", 3, "Provides: mail-agent, smtp\n") +
    paragraph("exim", 4, "Provides: smtp, mail-agent (= 2)\n") +
    paragraph("core", 5, "Essential: yes\n") +
    paragraph("extra", 6);
  const auto = ["early", "postfix", "exim", "core", "extra"].map(
    (name) => `Package: ${name}\nAuto-Installed: 1\n`,
  );
  const manual = "Package: app\nAuto-Installed: 0\n";
  const found = onlyRecommended(readPackages(packages, [...auto, manual].join("\n")));
  expect(found.map(({ name, bytes }) => [name, bytes])).toEqual([["extra", 6 * 1024]]);
});

describe("with the image", () => {
  const dockerfile = `${head}RUN apt-get install -y git\n`;
  const file = (path: string, text: string) => `${path}(${JSON.stringify(text)})`;
  const before = file("var/lib/dpkg/status", base);
  const keep = recommendsInstalled.wantsContent!;

  test("it names the packages and their size", async () => {
    const layers = [
      before,
      `${file("var/lib/dpkg/status", status)} ${file("var/lib/apt/extended_states", states)}`,
    ];
    const [finding, ...rest] = await findingsOf(recommendsInstalled, { dockerfile, layers, base: 1, keep });
    expect(rest).toEqual([]);
    expect(finding!.message).toBe(
      "line 2 installs 3 packages that nothing depends on and nobody named, 5.9 MB: ssh (4.1 MB), libfido (1.0 MB), patch (819.2 kB)",
    );
    const [fix] = await editsOf(recommendsInstalled, { dockerfile, layers, base: 1, keep });
    expect(fix).toMatchObject({ safety: "unsafe", bytes: 5_939_200 });
  });

  test("it is silent where there are none", async () => {
    const none = status.slice(0, status.indexOf("Package: patch"));
    const layers = [
      before,
      `${file("var/lib/dpkg/status", none)} ${file("var/lib/apt/extended_states", states)}`,
    ];
    expect(await findingsOf(recommendsInstalled, { dockerfile, layers, base: 1, keep })).toEqual([]);
  });

  test("it is silent where apt has not written down why", async () => {
    const layers = [before, file("var/lib/dpkg/status", status)];
    expect(await findingsOf(recommendsInstalled, { dockerfile, layers, base: 1, keep })).toEqual([]);
  });

  test("packages of the base image do not count", async () => {
    const layers = [
      file("var/lib/dpkg/status", `${base}${paragraph("patch", 800)}`),
      `${file("var/lib/dpkg/status", status)} ${file("var/lib/apt/extended_states", states)}`,
    ];
    const [finding] = await findingsOf(recommendsInstalled, { dockerfile, layers, base: 1, keep });
    expect(finding!.message).toMatch(/installs 2 packages/);
  });
});
