/** What the command is asked for the golden set. Each group is one file of test/golden/expected. */
import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  exampleArchive,
  examplesByRule,
  layerlint,
  stackArchive,
  stackNames,
  writeFiles,
  type ExampleImage,
} from "./entry-points.ts";

const root = join(import.meta.dirname, "../..");

/** Writes what it needs into the working folder, which is empty, and returns what the commands print. */
type Group = (folder: string) => Promise<string>;

const lintFormats = ["pretty", "json", "github", "gnu"] as const;
const tableFormats = ["pretty", "json"] as const;

/** The groups by their file's name. */
export const groups: ReadonlyMap<string, Group> = new Map([
  ["command-line.txt", commandLine],
  ["configuration.txt", configuration],
  ["rules.txt", listOfRules],
  ...[...examplesByRule].map(([id, examples]) => [`rules/${id}.txt`, ruleGroup(id, examples)] as const),
  ["demo.txt", demo],
  ...readdirSync(join(root, "fixtures/dockerfiles"))
    .filter((name) => name.endsWith(".Dockerfile"))
    .map((name) => [`dockerfiles/${name.replace(".Dockerfile", ".txt")}`, dockerfileGroup(name)] as const),
  ["lab-dockerfiles.txt", labDockerfiles],
  ...readdirSync(join(root, "fixtures/archives"))
    .filter((name) => !/\.(md|sh)$/.test(name))
    .map((name) => [`archives/${name.replace(/\.tar$/, "")}.txt`, archiveGroup(name)] as const),
  ["archives-compared.txt", comparedArchives],
  ["stacks-linted.txt", lintedStacks],
  ["stacks-inspected.txt", inspectedStacks],
  ["stacks-optimized.txt", optimizedStacks],
  ["stacks-compared.txt", comparedStacks],
]);

interface RunOptions {
  /** A file to read standard input from. */
  readonly stdin?: string;
  /** Where a configuration is looked for and written; without it, there is none. */
  readonly cwd?: string;
}

/** A command as it is typed, and what it prints. */
async function run(argv: readonly string[], { stdin, cwd }: RunOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await layerlint(argv, {
    ...(stdin === undefined ? {} : { stdin: [readFileSync(stdin)] }),
    ...(cwd === undefined ? {} : { cwd }),
  });
  const typed = ["$ layerlint", ...argv.map(quoted), ...(stdin === undefined ? [] : ["<", stdin])];
  const errors = stderr === "" ? "" : `[stderr]\n${ended(stderr)}`;
  const text = `${typed.join(" ")}\n${ended(stdout)}${errors}[exit ${code}]\n\n`;
  // escape sequences of colours
  return text.replaceAll("\u001b", "␛");
}

function ended(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n[no newline]\n`;
}

function quoted(word: string): string {
  return /^[\w./:=,%-]+$/.test(word) ? word : `'${word}'`;
}

async function runAll(commands: readonly (readonly string[])[]): Promise<string> {
  let text = "";
  for (const argv of commands) text += await run(argv);
  return text;
}

function lints(targets: readonly string[], formats: readonly string[] = lintFormats): string[][] {
  return formats.map((format) => [
    "lint",
    "--no-config",
    "--preset",
    "strict",
    "--format",
    format,
    ...targets,
  ]);
}

function diffs(targets: readonly string[], preset = "strict"): string[][] {
  return [[], ["--unsafe"]].map((unsafe) => [
    "fix",
    "--no-config",
    "--preset",
    preset,
    "--diff",
    ...unsafe,
    ...targets,
  ]);
}

function tables(...argv: readonly string[]): string[][] {
  return tableFormats.map((format) => [...argv, "--format", format]);
}

function optimizes(...argv: readonly string[]): string[][] {
  return tables("optimize", "--dry-run", "--explain", ...argv);
}

function ruleGroup(id: string, examples: readonly ExampleImage[]): Group {
  return async (folder) => {
    let text = await run(["explain", id]);
    for (const example of examples) {
      const dockerfile = `${example.name}/Dockerfile`;
      writeFiles(folder, { [dockerfile]: example.dockerfile });
      writeFiles(join(folder, example.name), example.context);
      text += await runAll([...lints([dockerfile], ["pretty", "json"]), ...diffs([dockerfile])]);
      const image = await exampleArchive(example);
      if (image === undefined) continue;
      const archive = `${example.name}.tar`;
      writeFiles(folder, { [archive]: image });
      const both = [dockerfile, archive];
      text += await runAll([...lints(both, ["pretty", "json"]), ...diffs(both)]);
    }
    return text;
  };
}

async function listOfRules(): Promise<string> {
  return runAll(tables("rules"));
}

async function demo(folder: string): Promise<string> {
  cpSync(join(root, "fixtures/demo"), join(folder, "fixtures/demo"), { recursive: true });
  const dockerfile = "fixtures/demo/Dockerfile";
  const image = "fixtures/demo/image.tar";
  const text = await runAll(
    [[dockerfile], [image], [dockerfile, image]].flatMap((targets) => [
      ...lintFormats.map((format) => ["lint", "--no-config", "--format", format, ...targets]),
      ...lints(targets, ["pretty", "json"]),
      ...lints([...targets, "--all", "--max-waste", "1%", "--verify"], ["json"]),
      ...(targets.includes(dockerfile) ? [...diffs(targets, "default"), ...diffs(targets)] : []),
      ...(targets.includes(image)
        ? [
            ...tables("inspect", "--no-config", ...targets),
            ...optimizes(...targets),
            ...optimizes(
              "--prune",
              "caches,logs",
              "--squash",
              "auto",
              "--repair",
              "--drop",
              "identical",
              ...targets,
            ),
            ...optimizes("--squash", "all", ...targets),
          ]
        : []),
    ]),
  );
  return [
    text,
    await run(["lint", "--no-config", "-"], { stdin: dockerfile }),
    await run(["lint", "--no-config", "-", image], { stdin: dockerfile }),
    await run(["lint", "--no-config", "-"], { stdin: image }),
    await run(["inspect", "--no-config", "-"], { stdin: image }),
    await run(["fix", "--no-config", "--stdin"], { stdin: dockerfile }),
    await run(["fix", "--no-config", "--stdin", "--unsafe"], { stdin: dockerfile }),
    await run(["fix", "--no-config", "--unsafe", dockerfile]),
    `${dockerfile}:\n${readFileSync(dockerfile, "utf8")}`,
  ].join("");
}

function dockerfileGroup(name: string): Group {
  return (folder) => {
    cpSync(join(root, "fixtures/dockerfiles", name), join(folder, name));
    return runAll([
      ...lintFormats.map((format) => ["lint", "--no-config", "--format", format, name]),
      ...lints([name]),
      ...diffs([name], "default"),
      ...diffs([name]),
    ]);
  };
}

/** The Dockerfiles that the lab builds and fixes. */
async function labDockerfiles(folder: string): Promise<string> {
  let text = "";
  for (const kind of ["cases", "fixes"]) {
    for (const name of readdirSync(join(root, "test/lab", kind)).toSorted()) {
      cpSync(join(root, "test/lab", kind, name, "Dockerfile"), join(folder, name, "Dockerfile"));
      text += await runAll([...lints([`${name}/Dockerfile`], ["pretty"]), ...diffs([`${name}/Dockerfile`])]);
    }
  }
  return text;
}

function archiveGroup(name: string): Group {
  return (folder) => {
    cpSync(join(root, "fixtures/archives", name), join(folder, name), { recursive: true });
    const choices: string[][] =
      name === "docker28-two-images.tar"
        ? [
            ["--tag", "fixture:plain"],
            ["--tag", "fixture:odd"],
          ]
        : name === "containerd-two-platforms.tar"
          ? [
              ["--platform", "linux/amd64"],
              ["--platform", "linux/arm64"],
            ]
          : [];
    return runAll(
      [[], ...choices].flatMap((choice) => [
        ...lints([name, ...choice], choice.length === 0 ? lintFormats : ["pretty"]),
        ...tables("inspect", "--no-config", name, ...choice),
        ...optimizes(name, ...choice),
        ["optimize", "--dry-run", "--base", "0", "--squash", "all", name, ...choice],
      ]),
    );
  };
}

async function comparedArchives(folder: string): Promise<string> {
  cpSync(join(root, "fixtures/archives"), folder, { recursive: true });
  const first = "docker20-same-layer-twice.tar";
  const names = readdirSync(folder).filter((name) => !/\.(md|sh)$/.test(name) && name !== first);
  return runAll([
    ...names.toSorted().flatMap((name) => tables("compare", first, name)),
    [
      "compare",
      "--tag",
      "fixture:plain",
      "--tag",
      "fixture:odd",
      "docker28-two-images.tar",
      "docker28-two-images.tar",
    ],
    ["compare", "--ignore", "time,owner,mode,links,config", first, "skopeo-odd-names.tar"],
  ]);
}

async function writeStacks(folder: string): Promise<readonly string[]> {
  for (const name of stackNames) writeFiles(folder, { [`${name}.tar`]: await stackArchive(name) });
  return stackNames.map((name) => `${name}.tar`);
}

async function lintedStacks(folder: string): Promise<string> {
  const names = await writeStacks(folder);
  return runAll(names.flatMap((name) => lints(["--base", "0", name], ["pretty", "json"])));
}

async function inspectedStacks(folder: string): Promise<string> {
  const names = await writeStacks(folder);
  return runAll(names.flatMap((name) => tables("inspect", "--no-config", name)));
}

/** The new images are written: their layers are not compressed, so that the version of zlib does not matter. */
async function optimizedStacks(folder: string): Promise<string> {
  let text = "";
  for (const name of await writeStacks(folder)) {
    text += await run(["optimize", "--dry-run", "--explain", "--base", "1", name]);
    const proof = `${name}.proof.json`;
    const output = ["-o", `small-${name}`, "--proof", proof];
    text += await run(["optimize", "--explain", "--repair", "--base", "0", ...output, name]);
    if (existsSync(proof)) text += `${proof}:\n${readFileSync(proof, "utf8")}\n`;
  }
  return text;
}

/** Each stack against the next. */
async function comparedStacks(folder: string): Promise<string> {
  const names = await writeStacks(folder);
  return runAll(
    names.flatMap((name, i) => {
      const next = names[i + 1];
      return next === undefined ? [] : [["compare", "--format", "json", name, next]];
    }),
  );
}

/** Help, and what is said of a wrong command line. */
async function commandLine(folder: string): Promise<string> {
  writeFiles(folder, {
    Dockerfile: "FROM debian:12\nRUN apt-get update && apt-get install -y curl\nMAINTAINER me\n",
    "broken/Dockerfile": "FROM\nRNU true\n",
    "folder/a/Dockerfile": "FROM debian\nRUN sudo true\n",
    "folder/b/Containerfile": "FROM scratch\n",
    "no-image.tar": Buffer.from([1, 2, 3, 0]),
    "empty/nothing": "",
  });
  const commands = ["lint", "fix", "inspect", "optimize", "compare", "init", "explain", "rules"];
  const text = await runAll([
    ["--help"],
    ["-h"],
    ...commands.map((command) => [command, "--help"]),
    ["--version"],
    [],
    ...commands.filter((command) => command !== "init").map((command) => [command]),
    ["Dockerfile"],
    ["Dockerfile", "broken", "folder"],
    ["folder"],
    ["--no-config", "fix", "--diff", "Dockerfile"],
    ["--preset=strict", "lint", "Dockerfile"],
    ["--", "Dockerfile"],
    ["lint", "--format", "gnu", "--format", "github", "Dockerfile"],
    ["lint", "--only", "DL3009,maintainer", "--skip", "DL4000", "Dockerfile"],
    ["lint", "--severity", "maintainer=error", "--severity", "DL3009=off", "Dockerfile"],
    ["lint", "--fail-on", "never", "Dockerfile"],
    ["lint", "--no-fail", "Dockerfile"],
    ["lint", "--color", "always", "Dockerfile"],
    ["lint", "--color", "nevr", "Dockerfile"],
    ["lint", "--fromat", "json", "Dockerfile"],
    ["lint", "--only", "maintainr", "Dockerfile"],
    ["lint", "--severity", "maintainer", "Dockerfile"],
    ["lint", "--severity", "maintainer=fatal", "Dockerfile"],
    ["lint", "--max-waste", "much", "Dockerfile"],
    ["lint", "--unsafe", "Dockerfile"],
    ["lint", "missing"],
    ["lint", "missing", "Dockerfile"],
    ["lint", "no-image.tar"],
    ["lint", "empty"],
    ["lint", "--target", "nowhere", "Dockerfile"],
    ["lint", "--config", "missing.yaml", "Dockerfile"],
    ["lint", "--context", "missing", "Dockerfile"],
    ["fix", "--stdin", "Dockerfile"],
    ["fix", "-", "Dockerfile"],
    ["inspect", "Dockerfile"],
    ["optimize", "Dockerfile"],
    ["optimize", "--dry-run", "--proof", "x", "Dockerfile"],
    ["optimize", "--squash", "some", "no-image.tar"],
    ["optimize", "--recompress", "rar", "no-image.tar"],
    ["optimize", "--prune", "everything", "no-image.tar"],
    ["compare", "-", "-"],
    ["compare", "Dockerfile", "Dockerfile"],
    ["compare", "--ignore", "everything", "Dockerfile", "Dockerfile"],
    ["explain", "DL3009"],
    ["explain", "maintainr"],
    ["exlpain", "maintainer"],
    ["lint", "--tag"],
    ["rules", "--format", "xml"],
  ]);
  const init = await run(["init"], { cwd: folder });
  const written = readFileSync(join(folder, ".layerlint.yaml"), "utf8");
  return `${text}${init}.layerlint.yaml:\n${written}\n${await run(["init"], { cwd: folder })}`;
}

const configurations: readonly string[] = [
  "preset: strict\n",
  "rules:\n  maintainer: error\n  DL3009: off\n",
  "rules:\n  squashable-layers: {severity: error}\nfail-on: never\n",
  "rules:\n  maintainr: off\n",
  "rules:\n  maintainer: fatal\n",
  "prset: strict\n",
  "ignore:\n  - Dockerfile\n",
  "ignore:\n  - rule: maintainer\n  - rule: sudo\n    path: /nowhere\n",
  "max-waste: 5\n",
  "- list\n",
  "a: [\n",
  "rules:\n  unpinned-base: {unknown: 1}\n",
];

/** The same Dockerfile under different configurations. */
async function configuration(folder: string): Promise<string> {
  writeFiles(folder, {
    Dockerfile:
      "FROM debian\n# layerlint ignore=maintainer\nMAINTAINER me\nRUN sudo apt-get update\n# layerlint ignore=sudo\nRUN apt-get install curl\n",
  });
  let text = "";
  for (const [i, content] of configurations.entries()) {
    const name = `${i + 1}.yaml`;
    writeFiles(folder, { [name]: content });
    text += `${name}:\n${content}`;
    text += await run(["lint", "--format", "gnu", "--config", name, "Dockerfile"], { cwd: folder });
  }
  return text;
}
