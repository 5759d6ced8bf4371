/** The formats that machines read line by line. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { Masker, type Masked } from "../../src/app/masker.ts";
import type { Report, ReportFinding } from "../../src/lint/report.ts";
import { github } from "../../src/report/github.ts";
import { gnu } from "../../src/report/gnu.ts";
import { pretty } from "../../src/report/pretty.ts";
import { styleFor } from "../../src/report/style.ts";
import { layerlint } from "../support/command.ts";
import { testFolder } from "../support/folder.ts";

const demo = join(import.meta.dirname, "../../fixtures/demo");

function report(findings: readonly Partial<ReportFinding>[], more: Partial<Report> = {}): Masked<Report> {
  return new Masker().data({
    schemaVersion: 1,
    tool: { name: "layerlint", version: "1" },
    targets: [
      { kind: "dockerfile", name: "./a,b:c/Dockerfile" },
      { kind: "image", name: "app.tar" },
    ],
    findings: findings.map((finding) => ({
      rule: "some-rule",
      aliases: [],
      category: "size",
      severity: "warning",
      message: "it is so",
      advice: "Change it.",
      evidence: "dockerfile",
      locations: [{ target: 0, line: 3, column: 5, endLine: 3, endColumn: 9 }],
      fixes: [],
      ...finding,
    })),
    notices: [],
    summary: {
      errors: 0,
      warnings: 0,
      infos: 0,
      foundBytes: 0,
      reclaimableBytes: 0,
      reclaimableCompressedBytes: 0,
      fixableBytes: 0,
      suppressed: 0,
      failed: true,
    },
    ...more,
  });
}

describe("gnu", () => {
  test("a line for each finding, and nothing else", () => {
    const findings = [{}, { severity: "info" as const, message: "two\nlines", rule: "other" }];
    expect(gnu(report(findings))).toBe(
      "./a,b:c/Dockerfile:3:5: warning: it is so [some-rule]\n./a,b:c/Dockerfile:3:5: info: two lines [other]\n",
    );
    expect(gnu(report([]))).toBe("");
  });

  test("a Dockerfile cannot drive the terminal", () => {
    const text = "a\x1b[31mb\x9bc\u202ed\re\tf";
    const hostile = report([{ message: text, advice: text }], {
      targets: [{ kind: "dockerfile", name: "x\x1b]0;y" }],
    });
    const shown = "a�[31mb�c�d�e\tf";
    expect(gnu(hostile)).toBe(`x�]0;y:3:5: warning: ${shown} [some-rule]\n`);
    expect(github(hostile)).toContain(`${shown}%0A${shown}\n`);
    const style = styleFor("never", {}, {});
    const lines = pretty(hostile, new Masker().data(new Map<number, string>()), style);
    // oxlint-disable-next-line no-control-regex
    expect(lines).not.toMatch(/[\x1b\x9b\u202e\r]/);
    expect(lines.split("\n").slice(0, 3)).toEqual([
      "x�]0;y:3  warning  some-rule",
      `  ${shown} (predicted from the Dockerfile)`,
      `  do  ${shown}`,
    ]);
  });

  test("a finding of an image names the image and its layer", () => {
    const locations = [{ target: 1, layer: 4, path: "x" }];
    expect(gnu(report([{ locations }]))).toBe("app.tar: warning: layer 4: it is so [some-rule]\n");
  });

  test("an exceeded budget is printed too", () => {
    const budgets = [
      {
        target: 1,
        avoidableBytes: 5e6,
        acceptedBytes: 1e6,
        aboveBaseBytes: 9e6,
        limitBytes: 3e6,
        exceeded: true,
      },
    ];
    const notices = [{ message: "meets nothing", file: ".layerlint.yaml", line: 7 }];
    const { summary } = report([]);
    expect(gnu(report([], { notices, summary: { ...summary, budgets } }))).toBe(
      ".layerlint.yaml:7:1: info: meets nothing\napp.tar: error: 4.0 MB are avoidable, at most 3.0 MB are allowed [max-waste]\n",
    );
  });
});

describe("github", () => {
  test("properties and text are escaped, each in its way", () => {
    const finding = { message: "50%, so: x\r\ny", advice: "Do\nthis." };
    expect(github(report([finding]))).toBe(
      "::warning file=a%2Cb%3Ac/Dockerfile,line=3,endLine=3,col=5,endColumn=8,title=layerlint%3A some-rule::50%25, so: x%0D%0Ay%0ADo%0Athis.\n",
    );
  });

  test("there are no columns where the lines differ", () => {
    const locations = [{ target: 0, line: 3, column: 1, endLine: 5, endColumn: 2 }];
    expect(github(report([{ severity: "error", locations, advice: "" }]))).toBe(
      "::error file=a%2Cb%3Ac/Dockerfile,line=3,endLine=5,title=layerlint%3A some-rule::it is so\n",
    );
  });

  test("findings in an image are not annotations of a file", () => {
    const locations = [{ target: 1, layer: 4, path: "x" }];
    expect(github(report([{ severity: "info", locations, advice: "" }]))).toBe(
      "::notice title=layerlint%3A some-rule::app.tar: layer 4: it is so\n",
    );
  });
});

describe("the command prints them", () => {
  const folder = testFolder("lines");
  beforeAll(async () => {
    await writeFile(join(folder, "Dockerfile"), "FROM a\nRUNN b\n");
    await writeFile(join(folder, "clean.Dockerfile"), "FROM scratch\n");
  });

  test("for several files, without a summary, with the exit codes of every format", async () => {
    const files = [join(folder, "Dockerfile"), join(folder, "clean.Dockerfile")];
    const lines = await layerlint(["--format", "gnu", ...files]);
    expect(lines).toMatchObject({ code: 1, stderr: "" });
    expect(lines.stdout).toBe(
      `${files[0]}:2:1: error: unknown instruction RUNN (did you mean RUN?) [syntax]\n`,
    );
    const annotations = await layerlint(["--format=github", ...files]);
    expect([annotations.code, annotations.stdout.split("\n").length]).toEqual([1, 2]);
    expect(await layerlint(["--format", "github", files[1]!])).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  test("one line for every finding of a Dockerfile and its image", async () => {
    const targets = [join(demo, "Dockerfile"), join(demo, "image.tar")];
    const json = JSON.parse((await layerlint(["--format", "json", ...targets])).stdout) as Report;
    for (const format of ["gnu", "github"]) {
      const { stdout } = await layerlint(["--format", format, ...targets]);
      expect(stdout.trimEnd().split("\n")).toHaveLength(json.findings.length);
      expect(stdout).toContain("secret-in-layer");
    }
  });

  test("inspect has none of them", async () => {
    expect((await layerlint(["inspect", "--format", "gnu", join(demo, "image.tar")])).code).toBe(2);
  });
});

describe("pretty", () => {
  const small = (line: number, more: object = {}) => ({
    severity: "info" as const,
    rule: "deleted-later",
    bytes: 99_999,
    evidence: "layers" as const,
    locations: [{ target: 0, line }],
    ...more,
  });
  const shown = (findings: object[], all = false) =>
    pretty(report(findings), new Masker().data(new Map<number, string>()), styleFor("never", {}, {}), {
      all,
    });

  test("small findings of one rule in one target share a line, which --all takes apart", () => {
    const findings = [1, 2, 3, 4, 5, 6, 7].map((line) => small(line));
    expect(shown(findings)).toContain(
      "./a,b:c/Dockerfile  info  deleted-later\n  7 findings below 100 kB each (line 1, line 2, line 3, line 4, line 5 and 2 more); --all shows them\n",
    );
    expect(shown(findings)).not.toContain("it is so");
    expect(shown(findings, true).split("it is so")).toHaveLength(8);
    expect(shown(findings, true)).not.toContain("--all");
  });

  test("what is alone, larger, a warning, not measured or of another target stays as it is", () => {
    const others = [
      small(1),
      small(2, { bytes: 100_000 }),
      small(3, { severity: "warning" }),
      small(4, { bytes: undefined }),
      small(5, { category: "secrets" }),
      small(6, { rule: "moved-later" }),
      small(7, { locations: [{ target: 1, layer: 2 }] }),
    ];
    expect(shown(others).split("it is so")).toHaveLength(8);
  });
});
