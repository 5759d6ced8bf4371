import { describe, expect, test } from "vitest";
import { sparseLoginLogs } from "../../../rules/layers/sparse-login-logs.ts";
import { checkedFix, safetyOf } from "../../support/fixes.ts";
import { findingsOf } from "../../support/subject.ts";

const head = "FROM debian:13\n";

test.each([
  ["RUN useradd -u 1000650000 app\n", "RUN useradd -l -u 1000650000 app\n"],
  [
    "RUN groupadd -g 300000 app && useradd -g app -ms /bin/sh --uid=300000 app",
    "RUN groupadd -g 300000 app && useradd -l -g app -ms /bin/sh --uid=300000 app",
  ],
  [
    "ARG ID=654321\nRUN useradd \\\n    -mu $ID app; id app\n",
    "ARG ID=654321\nRUN useradd -l \\\n    -mu $ID app; id app\n",
  ],
  [
    "RUN set -e; useradd -k /x -u100000 a || false; useradd -u 200000 b\n",
    "RUN set -e; useradd -k /x -u100000 a || false; useradd -l -u 200000 b\n",
  ],
])("safe: %j", async (run, wanted) => {
  // behind `||` it may not run: nothing is said about it
  const dockerfile = head + run;
  expect(await safetyOf(sparseLoginLogs, { dockerfile })).toBe("safe");
  const text = await checkedFix(sparseLoginLogs, dockerfile);
  expect(text.replace("useradd -l -k", "useradd -k")).toBe(head + wanted);
});

describe("nothing is said of", () => {
  test.each([
    ["a small number", "RUN useradd -u 99999 app\n"],
    ["no number", "RUN useradd -m app\n"],
    ["-l", "RUN useradd -lu 1000000 app\n"],
    ["--no-log-init", "RUN useradd --no-log-init -u 1000000 app\n"],
    ["adduser", "RUN adduser --uid 1000000 app\n"],
    ["usermod", "RUN usermod -u 1000000 app\n"],
    ["a number that is not known", "RUN useradd -u $ID app\n"],
    ["a group's number", "RUN useradd -g 1000000 app\n"],
    ["a builder stage", "RUN useradd -u 1000000 app\nFROM scratch\n"],
  ])("%s", async (_, run) => {
    expect(await findingsOf(sparseLoginLogs, { dockerfile: head + run })).toEqual([]);
  });
});

describe("with the image", () => {
  const dockerfile = `${head}RUN useradd -u 1000000 app\n`;

  test("the bytes of the records", async () => {
    const layers = ["etc/passwd(1kB) var/log/lastlog(292MB) var/log/faillog(32MB) var/log/wtmp(1MB)"];
    const [finding, ...rest] = await findingsOf(sparseLoginLogs, { dockerfile, layers });
    expect(rest).toEqual([]);
    expect(finding).toMatchObject({ evidence: "both", bytes: 324_000_000, fixes: [{ bytes: 324_000_000 }] });
  });

  test("no records, no finding", async () => {
    expect(await findingsOf(sparseLoginLogs, { dockerfile, layers: ["etc/passwd(1kB)"] })).toEqual([]);
  });
});
