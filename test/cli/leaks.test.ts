/** No output of any command shows a secret: forms in Dockerfiles, histories, configurations and names, in all outputs. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { dockerArchive, sha256, tarOf } from "../support/archive.ts";
import { layerlint } from "../support/command.ts";
import { testFolder } from "../support/folder.ts";
import { commandForms, instructionForms } from "../support/secret-forms.ts";
import { packSketches } from "../support/sketch.ts";

const folder = testFolder("leaks");
const at = (name: string) => join(folder, name);

/** A value of 20 letters and digits for each form, the same ones every time; no two share four characters. */
function valueOf(index: number): string {
  let state = 7919 * (index + 1);
  let value = "";
  const letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz";
  while (value.length < 20) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    value += value.length % 3 === 2 ? String((state >>> 8) % 10) : letters[(state >>> 8) % letters.length];
  }
  return value;
}

const all = [...Object.entries(commandForms), ...Object.entries(instructionForms)];
const values = new Map(all.map(([name], i) => [name, valueOf(i)]));
const nameValue = valueOf(900);
const names = [`token=${nameValue}`, `me:${nameValue}@host`];

const runs = Object.entries(commandForms).map(([name, form]) => form(values.get(name)!));
const instructions = Object.entries(instructionForms).map(([name, form]) => form(values.get(name)!));
const text = [
  "FROM debian:12",
  ...instructions,
  // another rule shows each of these lines
  ...runs.map((run) => `RUN apt-get update && ${run}`),
  "",
].join("\n");

/** Quotes everything that it sees, whole and cut at each length, in every place of a finding. */
const quoting = `export default [{
  id: "quotes-all", aliases: [], category: "size", severity: "warning", reads: "either",
  docs: { summary: "a", what: "b", why: "c", bad: [], good: [], fix: "None: d." },
  *check({ dockerfile, image }) {
    const cut = (text) => [text, text.replace(/\\s+/g, " "), ...[30, 47, 64, 81].map((n) => text.slice(0, n) + "…")];
    const finding = (text, locations) => ({ message: text, advice: text, evidence: "dockerfile", locations });
    for (const { instruction } of dockerfile?.steps ?? [])
      for (const text of cut(instruction.body)) yield finding(text, [{ instruction, label: text }]);
    for (const link of image?.origins.links ?? [])
      for (const text of cut(link.createdBy ?? "")) yield finding(text, [{ layer: link.layer ?? 0 }]);
  },
}];`;

/** History, environment, labels and commands of an image that such a Dockerfile makes. */
async function imageOf(salt: string, changed: string): Promise<Buffer> {
  const layers = await packSketches([`base(9) ${names[0]}${salt}(200000)`, `.wh.${names[0]}${salt} x(1)`]);
  const history = [
    {
      created_by: `RUN |2 NPM_TOKEN=${values.get("ARG")!} x${values.get("ARG")!} A=b /bin/sh -c make # buildkit`,
    },
    { created_by: "RUN /bin/sh -c make" },
    ...runs.map((run) => ({ created_by: `RUN /bin/sh -c ${run}${changed} # buildkit`, empty_layer: true })),
    ...instructions.map((each) => ({ created_by: `${each}${changed}`, empty_layer: true })),
    {
      created_by: `/bin/sh -c #(nop)  ENV Z_PASSWORD=${values.get("ENV with blanks")!} b`,
      empty_layer: true,
    },
  ];
  const made = dockerArchive({ layers, history });
  const old = made.find(({ path }) => path.endsWith(".json") && path !== "manifest.json")!;
  const content = withSettings(String(old.content), changed);
  // the name of a configuration is its digest
  const name = `${sha256(content)}.json`;
  return tarOf(
    made.map((part) =>
      part === old
        ? { path: name, content }
        : part.path === "manifest.json"
          ? { ...part, content: String(part.content).replace(old.path, name) }
          : part,
    ),
  );
}

function withSettings(json: string, changed: string): string {
  const config = JSON.parse(json) as { config: object };
  config.config = {
    Env: [`A_PASSWORD=${values.get("ENV with blanks")!} x${changed}`],
    Labels: { "com.example.token": values.get("LABEL")! + changed, note: runs.join("\n") + changed },
    Cmd: ["app", "--token", values.get("CMD in exec form")! + changed],
    Entrypoint: ["sh", "-c", `curl -u me:${values.get("ENTRYPOINT")!}${changed} https://host`],
    Healthcheck: {
      Test: ["CMD", "mysqladmin", "ping", `-p${values.get("CMD with an attached option")!}${changed}`],
    },
  };
  return JSON.stringify(config);
}

beforeAll(async () => {
  await writeFile(at("Dockerfile"), text);
  await writeFile(at("quoting.mjs"), quoting);
  // the message of an error is its first line
  const quoted = JSON.stringify(text.replaceAll("\n", " | "));
  const crash = quoting.replace("for (", () => `throw new Error(${quoted}); for (`);
  await writeFile(at("crash.mjs"), crash);
  await writeFile(at("one.tar"), await imageOf("", ""));
  await writeFile(at("other.tar"), await imageOf("", "1"));
  await writeFile(at("named.tar"), await imageOf("b", "2"));
});

/** Pieces of eight characters that no output may hold; a value of 20 shows its first four. */
function leaksIn(output: string): string[] {
  const flat = output.replace(/\s+/g, "");
  return [...values, ["a name", nameValue] as const].flatMap(([name, value]) => {
    for (let i = 0; i + 8 <= value.length; i++) {
      const piece = value.slice(i, i + 8);
      if (output.includes(piece) || flat.includes(piece)) return [`${name}: ${piece}`];
    }
    return [];
  });
}

const plugin = ["--plugin", at("quoting.mjs")];
const dockerfile = at("Dockerfile");
const outputs: readonly (readonly string[])[] = [
  ...["pretty", "json", "github", "gnu"].flatMap((format) => [
    ["lint", "--format", format, dockerfile],
    ["lint", "--format", format, ...plugin, dockerfile],
    ["lint", "--format", format, ...plugin, at("one.tar")],
    ["lint", "--format", format, ...plugin, dockerfile, at("one.tar")],
  ]),
  ["inspect", at("one.tar")],
  ["inspect", "--all", "--format", "json", at("one.tar")],
  ["inspect", dockerfile, at("one.tar")],
  ["compare", at("one.tar"), at("other.tar")],
  ["compare", "--format", "json", at("one.tar"), at("other.tar")],
  ["compare", at("one.tar"), at("named.tar")],
  ["optimize", "--dry-run", at("one.tar")],
  ["optimize", "--dry-run", "--explain", dockerfile, at("one.tar")],
  ["optimize", "--dry-run", "--format", "json", at("one.tar")],
];

test("the table has more than 41 forms, and the outputs show what is around the secrets", async () => {
  expect(all.length).toBeGreaterThan(90);
  const { stdout } = await layerlint(["lint", "--fail-on", "never", ...plugin, dockerfile]);
  for (const word of ["sshpass", "chpasswd", "PRIVATE-TOKEN", "--from-literal", "mysqladmin"])
    expect(stdout).toContain(word);
});

describe("nothing leaks in", () => {
  test.each(
    outputs.map((argv) => [argv.map((word) => word.replace(`${folder}/`, "")).join(" "), argv] as const),
  )("%s", async (_name, argv) => {
    const { stdout, stderr } = await layerlint(argv);
    expect([stdout === "", stderr]).toEqual([false, ""]);
    expect(leaksIn(stdout)).toEqual([]);
  });

  test("what fix says", async () => {
    await mkdir(at("fixed"), { recursive: true });
    await writeFile(at("fixed/Dockerfile"), text);
    const { stdout } = await layerlint(["fix", "--unsafe", at("fixed/Dockerfile")]);
    expect(stdout).toContain("fixed");
    expect(leaksIn(stdout)).toEqual([]);
  });

  test("the proof, and the report of what was written", async () => {
    const argv = ["optimize", at("one.tar"), "-o", at(`${names[0]}.tar`), "--proof", at("proof.json")];
    const { stdout, stderr, code } = await layerlint([...argv, "--prune", "caches"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(leaksIn(stdout)).toEqual([]);
    expect(leaksIn(await readFile(at("proof.json"), "utf8"))).toEqual([]);
  });

  test.each([
    ["a target that is not there", [`https://me:${nameValue}@host/app.tar`]],
    ["a file that is not there", [at(names[0]!)]],
    ["an unknown option", [`--token=${nameValue}`, "x"]],
    ["an output that cannot be written", ["optimize", "one.tar", "-o", `/nowhere/token=${nameValue}/x.tar`]],
  ])("the error of %s", async (_name, argv) => {
    const { stderr, stdout, code } = await layerlint(argv, { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^layerlint: /);
    expect(leaksIn(stderr + stdout)).toEqual([]);
  });

  test("the stack of a rule that quotes the Dockerfile and crashes", async () => {
    const { stderr } = await layerlint(["--plugin", at("crash.mjs"), dockerfile]);
    expect(stderr).toContain("quotes-all");
    expect(stderr).toContain("sshpass");
    expect(leaksIn(stderr)).toEqual([]);
  });
});

test("fix --diff shows the lines of the file, as a diff must", async () => {
  const { stdout } = await layerlint(["fix", "--diff", dockerfile]);
  expect(leaksIn(stdout)).not.toEqual([]);
});
