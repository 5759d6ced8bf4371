import { expect, test } from "vitest";
import { rewrittenLater } from "../../../rules/layers/rewritten-later.ts";
import { findingsOf, type SubjectSketch } from "../../support/subject.ts";

const find = (sketch: SubjectSketch) => findingsOf(rewrittenLater, sketch);
const dockerfile = "FROM a\nRUN one\nRUN two\n";

test("an overwritten file counts with its old copy, and the overwriting line comes first", async () => {
  const [finding, ...others] = await find({ dockerfile, layers: ["f(300kB)", "f(900kB)"] });
  expect(others).toEqual([]);
  expect(finding).toMatchObject({
    message: "line 3 overwrites 300.0 kB in 1 file that line 2 added (/f)",
    bytes: 300_000,
    evidence: "both",
    locations: [{ layer: 1 }, { layer: 0 }],
    fixes: [{ operation: "drop-dead", safety: "safe" }],
  });
});

test("a file that is written three times dies twice, in two findings", async () => {
  const findings = await find({
    dockerfile: "FROM a\nRUN one\nRUN two\nRUN three\n",
    layers: ["f(300kB)", "f(200kB)", "f(1)"],
  });
  expect(findings.map(({ bytes }) => bytes)).toEqual([300_000, 200_000]);
});

test("package databases are one info line over all instructions", async () => {
  const [finding, ...others] = await find({
    dockerfile: "FROM a\nRUN one\nRUN two\nRUN three\n",
    layers: [
      "var/ var/lib/ var/lib/dpkg/ var/lib/dpkg/status(2MB) etc/ etc/ld.so.cache(40kB)",
      "var/ var/lib/ var/lib/dpkg/ var/lib/dpkg/status(2.1MB) etc/ etc/ld.so.cache(41kB)",
      "var/ var/lib/ var/lib/dpkg/ var/lib/dpkg/status(2.2MB)",
    ],
  });
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ severity: "info", bytes: 4_140_000 });
  expect(finding?.message).toMatch(/^lines 3 and 4 each write package databases again: 4\.1 MB in 3 files/);
});

test("a database does not hide what else the same instruction overwrites", async () => {
  const findings = await find({
    dockerfile,
    layers: [
      "lib/ lib/apk/ lib/apk/db/ lib/apk/db/installed(1MB) f(500kB)",
      "lib/ lib/apk/ lib/apk/db/ lib/apk/db/installed(1MB) f(1)",
    ],
  });
  expect(findings.map(({ bytes, severity }) => [bytes, severity])).toEqual([
    [500_000, undefined],
    [1_000_000, "info"],
  ]);
});

test("a file of the base image is info, and no edit removes the old copy", async () => {
  const [finding] = await find({
    dockerfile: "FROM a\nRUN apt-get upgrade -y\n",
    layers: ["usr/ usr/lib/ usr/lib/libssl.so(4MB)", "usr/ usr/lib/ usr/lib/libssl.so(4.2MB)"],
    base: 1,
  });
  expect(finding).toMatchObject({ severity: "info", bytes: 4_000_000 });
  expect(finding?.advice).toContain("no edit of this Dockerfile");
  expect(finding?.fixes).toBeUndefined();
});

test("a file of a few bytes fails no gate", async () => {
  expect(
    (await find({ dockerfile, layers: ["etc/ etc/conf(2kB)", "etc/ etc/conf(2kB)"] }))[0]?.severity,
  ).toBe("info");
});

test("it is silent about files that keep their content, that go away, and that the base rewrites itself", async () => {
  expect(await find({ dockerfile, layers: ["f(1MB,h,0644) g(1MB)", "f(1MB,h,0600) .wh.g"] })).toEqual([]);
  expect(
    await find({ dockerfile: "FROM a\nRUN one\n", layers: ["f(1MB)", "f(2MB)", "g(1)"], base: 2 }),
  ).toEqual([]);
});

test("the advice follows the two kinds of instruction", async () => {
  const advice = async (first: string, second: string) =>
    (await find({ dockerfile: `FROM a\n${first}\n${second}\n`, layers: ["f(1MB)", "f(2MB)"] }))[0]?.advice;
  expect(await advice("RUN one", "RUN two")).toContain("join the two RUNs");
  expect(await advice("COPY f /f", "RUN two")).toContain("RUN --mount=type=bind");
  expect(await advice("RUN one", "COPY f /f")).toContain("Omit from line 2");
});
