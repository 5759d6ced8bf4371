import { execFileSync } from "node:child_process";
import { createReadStream } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Report } from "../../src/lint/report.ts";
import { dockerArchive, sha256, tarOf } from "../support/archive.ts";
import { layerlint } from "../support/command.ts";
import { testFolder } from "../support/folder.ts";

const demo = join(import.meta.dirname, "../../fixtures/demo");
const dockerfile = join(demo, "Dockerfile");
const image = join(demo, "image.tar");
const folder = testFolder("cli");

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, content);
  return path;
}

async function reportOf(...argv: string[]): Promise<Report> {
  const { stdout } = await layerlint(["lint", "--format", "json", ...argv]);
  return JSON.parse(stdout) as Report;
}

describe("no output repeats a secret of the Dockerfile", () => {
  const value = "Zx81 Qw72;Er63";
  const lines = [
    `ENV A_PASSWORD ${value}`,
    `ENV B_PASSWORD=${value.replace(" ", "\\ ")}`,
    `ENV C_PASSWORD=Zx81" Qw72;"Er63`,
    `ENV D_PASSWORD='${value}'`,
    `LABEL my.token="${value}"`,
    `ENV E_PASSWORD="Zx81 \\\n  Qw72;Er63"`,
  ];

  test.each([[[]], [["--format", "json"]], [["--skip", "secret-in-layer"]]])("%j", async (argv) => {
    // the RUNs are quoted by another rule
    const text = `FROM debian:12\n${lines.join("\n")}\nRUN apt-get update && app "${value}"\n`;
    const path = await file("secret/Dockerfile", text);
    const { stdout } = await layerlint(["--fail-on", "never", ...argv, path]);
    expect(stdout).toContain("leftover-cache");
    for (const part of ["Qw72", "Er63"]) expect(stdout).not.toContain(part);
  });

  test("a secret is proven, not predicted", async () => {
    const path = await file("fact/Dockerfile", `FROM a\nENV A_PASSWORD=Zx81Qw72Er63\nRUN apt-get update\n`);
    const { stdout } = await layerlint([path]);
    expect(stdout.replace(/\s+/g, " ").match(/\(predicted from the Dockerfile\)/g)).toHaveLength(1);
  });
});

test("findings at one location are ordered by severity", async () => {
  const { findings } = await reportOf(dockerfile, image);
  const ranks = { error: 2, warning: 1, info: 0 } as const;
  const pairs = findings.slice(1).map((finding, i) => [findings[i]!, finding] as const);
  const same = pairs.filter(
    ([
      {
        locations: [a],
      },
      {
        locations: [b],
      },
    ]) => a?.line !== undefined && a.line === b?.line,
  );
  expect(same.length).toBeGreaterThan(0);
  for (const [a, b] of same) expect(ranks[a.severity]).toBeGreaterThanOrEqual(ranks[b.severity]);
});

describe("exit codes of lint", () => {
  test("0 for a clean Dockerfile", async () => {
    const clean = await file("clean/Dockerfile", 'FROM scratch\nCOPY app /app\nCMD ["/app"]\n');
    const outcome = await layerlint([clean]);
    expect([outcome.code, outcome.stderr]).toEqual([0, ""]);
    expect(outcome.stdout).toContain("nothing found");
  });

  test("1 for findings, 0 when they are below --fail-on", async () => {
    expect((await layerlint([dockerfile, image])).code).toBe(1);
    expect((await layerlint(["--fail-on", "never", dockerfile, image])).code).toBe(0);
  });

  test("1 for a syntax error, which is a finding", async () => {
    const bad = await file("bad/Dockerfile", "FROM a\nRUNN b\n");
    const outcome = await layerlint([bad]);
    expect(outcome.code).toBe(1);
    expect(outcome.stdout).toContain("unknown instruction RUNN (did you mean RUN?)");
  });

  test.each([
    [["lint"], /name a Dockerfile/],
    [["--no-such-option", "x"], /Unknown argument: no-such-option|Unknown argument/],
    [["does-not-exist"], /does-not-exist: no such file or folder/],
    [["--only", "deleted-latr", dockerfile], /unknown rule "deleted-latr" \(did you mean deleted-later\?\)/],
    [["--severity", "deleted-later=bad", dockerfile], /write rule=level/],
    [["--max-waste", "lots", dockerfile], /--max-waste/],
    [["--fail-on", "sometimes", dockerfile], /fail-on/],
    [["--target", "nope", dockerfile], /no stage "nope"/],
    [["--format", "yaml", dockerfile], /format/],
  ])("2 for wrong usage: %j", async (argv, message) => {
    const outcome = await layerlint(argv);
    expect(outcome.code).toBe(2);
    expect(outcome.stdout).toBe("");
    expect(outcome.stderr).toMatch(message);
    expect(outcome.stderr.trim().split("\n")).toHaveLength(1);
  });

  test("2 for bytes that are neither", async () => {
    const garbage = await file(
      "garbage",
      Uint8Array.from({ length: 4096 }, (_, i) => (i * 7919) % 256),
    );
    const outcome = await layerlint([garbage]);
    expect([outcome.code, outcome.stdout]).toEqual([2, ""]);
    expect(outcome.stderr).toMatch(/^layerlint: .*garbage: .+\n$/);
  });

  test("2 for an image that is cut short, with nothing reported", async () => {
    const bytes = await readFile(image);
    const cut = await file("cut.tar", bytes.subarray(0, bytes.length >> 1));
    const outcome = await layerlint([cut]);
    expect([outcome.code, outcome.stdout]).toEqual([2, ""]);
    expect(outcome.stderr).toMatch(/^layerlint: .*cut\.tar.*\n$/);
  });
});

describe("targets", () => {
  test("a Dockerfile and its image stay two targets, in the order given, and are linked", async () => {
    const report = await reportOf(image, dockerfile);
    expect(report.targets.map(({ kind }) => kind)).toEqual(["image", "dockerfile"]);
    const linked = report.findings.filter((finding) => finding.evidence === "both");
    expect(linked.length).toBeGreaterThan(0);
    for (const finding of linked) {
      expect(finding.locations[0]).toMatchObject({ target: 1 });
      expect(finding.locations[0]!.line).toBeGreaterThan(0);
    }
  });

  test("with several targets an unreadable one is one line, the others are reported, then 2", async () => {
    const outcome = await layerlint(["--format", "json", join(folder, "missing"), dockerfile]);
    expect(outcome.code).toBe(2);
    expect(outcome.stderr.trim().split("\n")).toHaveLength(1);
    expect((JSON.parse(outcome.stdout) as Report).targets.map(({ kind }) => kind)).toEqual(["dockerfile"]);
  });

  test("a folder gives every Dockerfile below it, clean ones too, in byte order", async () => {
    await file("tree/b/Dockerfile", "FROM scratch\n");
    await file("tree/a.Dockerfile", "FROM scratch\n");
    await file("tree/b/Containerfile", "FROM scratch\n");
    await file("tree/node_modules/x/Dockerfile", "FROM scratch\n");
    const report = await reportOf(join(folder, "tree"));
    expect(report.targets.map(({ name }) => name.slice(folder.length + 1))).toEqual([
      "tree/a.Dockerfile",
      "tree/b/Containerfile",
      "tree/b/Dockerfile",
    ]);
  });

  test("a folder without any is exit 2", async () => {
    const empty = join(folder, "empty");
    await mkdir(empty);
    const outcome = await layerlint([empty]);
    expect([outcome.code, outcome.stdout]).toEqual([2, ""]);
    expect(outcome.stderr).toContain("no Dockerfile found");
  });

  test("standard input is an image or a Dockerfile, by content", async () => {
    const piped = await layerlint(["--format", "json", "-"], { stdin: createReadStream(image) });
    expect((JSON.parse(piped.stdout) as Report).targets).toMatchObject([{ kind: "image", name: "-" }]);
    const text = await layerlint(["--format", "json", "-"], { stdin: [Buffer.from("FROM scratch\n")] });
    expect((JSON.parse(text.stdout) as Report).targets).toMatchObject([{ kind: "dockerfile", name: "-" }]);
    expect((await layerlint(["-"])).stderr).toContain("the input is empty");
  });

  test("an image is one also where its first bytes come one by one", async () => {
    const bytes = await readFile(image);
    const slowly = async function* () {
      for (const byte of bytes.subarray(0, 600)) yield Buffer.of(byte);
      yield bytes.subarray(600);
    };
    const piped = await layerlint(["--format", "json", "-"], { stdin: slowly() });
    expect((JSON.parse(piped.stdout) as Report).targets).toMatchObject([{ kind: "image", name: "-" }]);
  });

  test("an endless stream is not a Dockerfile and is not read to its end", async () => {
    const chunk = Buffer.alloc(2 ** 20, "#");
    let chunks = 0;
    const endless = async function* () {
      while (chunks++ < 100) yield chunk;
    };
    const { code, stderr } = await layerlint(["-"], { stdin: endless() });
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining("-: not a container image, and too large for a Dockerfile"),
    ]);
    expect(chunks).toBeLessThan(25);
  });

  test("a file that is too large, or has a zero byte, is not a Dockerfile", async () => {
    for (const content of [Buffer.alloc(2 ** 24 + 1, "#"), "FROM a\0\n"]) {
      const { code, stderr } = await layerlint([await file("none/Dockerfile", content)]);
      expect([code, stderr]).toEqual([
        2,
        expect.stringMatching(
          /neither a Dockerfile nor a container image|not a container image, and too large/,
        ),
      ]);
    }
  });
});

describe("the budget", () => {
  test("a size that is exceeded fails, also when no finding would", async () => {
    const argv = ["--fail-on", "never", "--format", "json", dockerfile, image];
    const over = await layerlint(["--max-waste", "1kB", ...argv]);
    expect(over.code).toBe(1);
    const { budgets } = (JSON.parse(over.stdout) as Report).summary;
    expect(budgets).toMatchObject([{ limitBytes: 1000, exceeded: true }]);
    expect((await layerlint(["--max-waste", "1GB", ...argv])).code).toBe(0);
  });

  test("a share needs the floor to be exceeded too", async () => {
    const argv = ["--fail-on", "never", dockerfile, image, "--max-waste", "0.1%"];
    expect((await layerlint([...argv, "--min-waste", "1GB"])).code).toBe(0);
    expect((await layerlint([...argv, "--min-waste", "0"])).code).toBe(1);
  });
});

describe("rules and their severities", () => {
  test("--only and --skip take ids and aliases", async () => {
    const only = await reportOf("--only", "deleted-later", dockerfile, image);
    expect(new Set(only.findings.map(({ rule }) => rule))).toEqual(new Set(["deleted-later"]));
    const without = await reportOf("--skip", "deleted-later", dockerfile, image);
    expect(without.findings.map(({ rule }) => rule)).not.toContain("deleted-later");
  });

  test("--severity changes what fails", async () => {
    const argv = ["--only", "deleted-later", dockerfile, image];
    expect((await layerlint(["--severity", "deleted-later=info", ...argv])).code).toBe(0);
    expect((await layerlint(["--severity", "deleted-later=off", ...argv])).code).toBe(0);
    expect((await layerlint(argv)).code).toBe(1);
  });
});

describe("incidents of the command line", () => {
  test("an option given twice crashed; the last value applies", async () => {
    for (const [option, value] of [
      ["--platform", "linux/amd64"],
      ["--max-waste", "90MB"],
      ["--tag", "demo"],
      ["--format", "json"],
    ] as const) {
      const twice = await layerlint(["--fail-on", "never", option, "nonsense", option, value, image]);
      if (option === "--format") expect(twice.stderr).toMatch(/Invalid values/);
      else expect(twice).toEqual(await layerlint(["--fail-on", "never", option, value, image]));
    }
    const { stdout } = await layerlint(["--format", "pretty", "--format", "json", dockerfile]);
    expect(JSON.parse(stdout)).toMatchObject({ schemaVersion: 1 });
  });

  test.each([
    [[dockerfile, "--only="], /Not enough arguments following: only/],
    [["--severity", "deleted-later=toString", dockerfile], /write rule=level/],
    [["--base=", image], /--base: write a number/],
  ])("wrong usage that crashed, was ignored or gave an unclear message: %j", async (argv, message) => {
    const outcome = await layerlint(argv);
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toMatch(message);
    expect(outcome.stderr.trim().split("\n")).toHaveLength(1);
  });

  test("targets behind -- were lost", async () => {
    expect(await layerlint(["--", dockerfile])).toEqual(await layerlint([dockerfile]));
    expect(await layerlint(["inspect", "--", image])).toEqual(await layerlint(["inspect", image]));
    expect((await layerlint(["--", "--verify"])).stderr).toContain("--verify: no such file");
  });

  test("a hostile name in an archive reached the terminal, over several lines", async () => {
    const manifest = JSON.stringify([{ Config: "c\u001b[31m\nx", RepoTags: null, Layers: [] }]);
    const path = await file("hostile.tar", await tarOf([{ path: "manifest.json", content: manifest }]));
    const { stderr } = await layerlint([path]);
    expect(stderr.split("\n")).toHaveLength(2);
    expect(stderr).not.toContain("\u001b");
  });

  test("a project with a manifest.json and a version of its own was taken for a dir: image", async () => {
    await file("web/manifest.json", '{"name":"web"}');
    await file("web/version", "1.0\n");
    await file("web/Dockerfile", 'FROM scratch\nCOPY app /app\nCMD ["/app"]\n');
    expect((await layerlint([join(folder, "web")])).code).toBe(0);
  });

  test("an image from another pipe than standard input was called -", async () => {
    const command = join(import.meta.dirname, "../../dist/bin/layerlint.js");
    const script = '"$0" "$1" --fail-on never --format json <(cat "$2")';
    const json = execFileSync("bash", ["-c", script, process.execPath, command, image]);
    expect((JSON.parse(json.toString()) as Report).targets[0]!.name).toMatch(/^\/dev\/fd\/\d+$/);
  });

  test("every layer of the JSON report has its digest, and createdBy even when it is unknown", async () => {
    const tar = await tarOf([{ path: "f", content: "x" }]);
    const [layer, config, manifest] = dockerArchive({ layers: [tar] });
    const silent = {
      ...config!,
      content: String(config!.content).replace(/"history":.*\]/, '"history":null'),
    };
    const path = await file("silent.tar", await tarOf([layer!, silent, manifest!]));
    const { targets } = await reportOf(path);
    expect(targets[0]!.image!.layers[0]).toMatchObject({ digest: `sha256:${sha256(tar)}`, createdBy: null });
  });
});

test("a command may stand behind options that take no value", async () => {
  const path = await file(
    "behind.Dockerfile",
    "FROM debian:12 AS lint\nRUN apt-get update && apt-get install -y git\n",
  );
  const diff = await layerlint(["--no-config", "fix", "--diff", path]);
  expect(diff.stdout).toContain(
    "+RUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*",
  );
  expect((await layerlint(["--fail-on=never", "--no-config", "lint", path])).code).toBe(0);
  // a stage may have the name of a command
  expect((await layerlint(["--fail-on=info", "--target", "lint", path])).code).toBe(1);
});

test("every option without a value may stand before its command", async () => {
  for (const command of ["lint", "fix", "inspect", "optimize", "compare"]) {
    const { stdout } = await layerlint([command, "--help"]);
    const plain = [...stdout.matchAll(/--([a-z-]+)\s[^[]*?\[boolean\]/g)].map(([, name]) => name!);
    expect(plain.length).toBeGreaterThan(1);
    for (const name of plain.filter((each) => !/^(?:help|version)$/.test(each))) {
      const { stderr } = await layerlint([`--${name}`, command, "a", "b", "--unknown-option"]);
      expect(stderr).toMatch(/^layerlint: Unknown arguments?: unknown-option\b/);
      expect(stderr, `--${name} ${command}`).toContain(`; see layerlint ${command} --help`);
    }
  }
});
