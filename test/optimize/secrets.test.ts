/** What `optimize` says of secrets: which are gone, which stay, and that all of them have to be revoked. */
import { readFile, writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { dockerArchive, tarOf, type Part } from "../support/archive.ts";
import { layerlint, onlyImage } from "../support/command.ts";
import { freshPaths, testFolder } from "../support/folder.ts";
import { packSketches } from "../support/sketch.ts";

const folder = testFolder("secrets");

const fresh = freshPaths(folder);

const token = "Zx81Qw72Er63Ty54Ui45";
const body = "MC4CAQAwBQYDK2VwBCIEIDFhMmIzYzRkNWU2Zjdn";
const key = JSON.stringify(`-----BEGIN ${"PRIVATE"} KEY-----\n${body}\n-----END ${"PRIVATE"} KEY-----\n`);
const npmrc = `.npmrc("//x/:_authToken=${token}")`;

async function archive(
  texts: readonly string[],
  change: (part: Part) => Part = (part) => part,
): Promise<string> {
  const path = fresh(".tar");
  await writeFile(path, await tarOf(dockerArchive({ layers: await packSketches(texts) }).map(change)));
  return path;
}

interface Told {
  readonly what: string;
  readonly path?: string;
  readonly layer?: number;
  readonly inBase?: boolean;
  readonly where?: string;
  readonly removed: boolean;
}

/** `gone 1 .npmrc`, as JSON and pretty text tell; the values are in neither. */
async function told(
  input: string,
  ...options: string[]
): Promise<{ list: string[]; text: string; output: string }> {
  const output = fresh(".tar");
  const json = await layerlint(["optimize", input, "-o", output, "--format", "json", ...options]);
  const pretty = await layerlint(["optimize", input, "-o", fresh(".tar"), ...options]);
  const dry = await layerlint(["optimize", input, "--dry-run", "--format", "json", ...options]);
  expect([json.code, json.stderr, pretty.code, pretty.stderr, dry.code]).toEqual([0, "", 0, "", 0]);
  for (const { stdout } of [json, pretty, dry])
    for (const value of [token, body]) expect(stdout).not.toContain(value.slice(4, 12));
  const { secrets } = onlyImage(json.stdout) as { secrets: Told[] };
  expect((onlyImage(dry.stdout) as { secrets: Told[] }).secrets).toEqual(secrets);
  return {
    list: secrets.map(({ removed, layer, path, where, inBase }) =>
      [removed ? "gone" : "stays", layer, path, where, inBase === true ? "base" : undefined]
        .filter((each) => each !== undefined)
        .join(" "),
    ),
    text: pretty.stdout,
    output,
  };
}

test("dead secrets go with the dead bytes, and the report says to revoke all", async () => {
  const input = await archive([
    "base(9)",
    `root/ root/id_rsa(${key})`,
    `app/ app/${npmrc}`,
    "root/ root/.wh.id_rsa",
  ]);
  const { list, text, output } = await told(input);
  expect(list).toEqual(["gone 1 root/id_rsa", "stays 2 app/.npmrc"]);
  expect(text).toContain(
    [
      "secrets: 1 is gone, 1 stays",
      "  gone   /root/id_rsa in layer 1: a private key (PRIVATE KEY)",
      "  stays  /app/.npmrc in layer 2: an npm credential",
      "Whoever could pull the old image has them: revoke them, and issue new ones (rotate). A smaller image",
      "does not undo the leak.",
      "1 secret can be read in the new image as well.",
      "",
    ].join("\n"),
  );
  const bytes = await readFile(output, "latin1");
  expect([bytes.includes(body), bytes.includes(token)]).toEqual([false, true]);
});

test("a prediction reports what optimize would do", async () => {
  const input = await archive(["base(9)", npmrc, ".wh..npmrc"]);
  const { stdout } = await layerlint(["optimize", input, "--dry-run"]);
  expect(stdout).toContain(
    "secrets: 1 would go\n  would go  /.npmrc in layer 1: an npm credential\nWhoever could pull the old image has it: revoke it, and issue a new one (rotate).",
  );
});

test("the report of an image without secrets does not mention them", async () => {
  const { list, text } = await told(await archive(["base(9)", "a(1)"]));
  expect(list).toEqual([]);
  expect(text).not.toContain("secrets:");
});

describe("the report lists what stays", () => {
  test.each([
    ["in the base", [npmrc, ".wh..npmrc k(1)"], [], "stays 0 .npmrc base"],
    ["in a layer that is refused", ["base(9)", `${npmrc} b(1) b(2)`, ".wh..npmrc"], [], "stays 1 .npmrc"],
    [
      "by another name",
      ["base(9)", `${npmrc} x≡.npmrc[mtime=1600000001]`, ".wh..npmrc"],
      [],
      "stays 1 .npmrc",
    ],
    ["with the base given up", [npmrc, ".wh..npmrc k(1)"], ["--base", "0"], "gone 0 .npmrc"],
    ["merged", ["base(9)", `${npmrc} a(1)`, "b(2)", ".wh..npmrc"], ["--squash", "1-3"], "gone 1 .npmrc"],
    ["merged and visible", ["base(9)", "a(1)", npmrc, "b(2)"], ["--squash", "1-3"], "stays 2 .npmrc"],
  ] as const)("%s", async (_name, texts, options, expected) => {
    const { list, output } = await told(await archive(texts), ...options);
    expect(list).toEqual([expected]);
    expect((await readFile(output, "latin1")).includes(token)).toBe(expected.startsWith("stays"));
  });

  test("a copy with other attributes", async () => {
    const input = await archive(["base(9)", npmrc, npmrc.replace(")", ",mode=0600)")]);
    expect((await told(input)).list).toEqual(["gone 1 .npmrc", "stays 2 .npmrc"]);
  });

  test("one of two layers that are the same blob", async () => {
    const [base, once, hide] = await packSketches(["base(9)", npmrc, ".wh..npmrc"]);
    const input = fresh(".tar");
    await writeFile(input, await tarOf(dockerArchive({ layers: [base!, once!, hide!, once!] })));
    expect((await told(input)).list).toEqual(["gone 1 .npmrc", "stays 3 .npmrc"]);
    expect((await told(input, "--squash", "1-3")).list).toEqual(["gone 1 .npmrc", "stays 3 .npmrc"]);
  });

  test("in the configuration, once for each place", async () => {
    const change = (part: Part): Part => {
      if (!part.path.endsWith(".json") || part.path === "manifest.json") return part;
      const config = JSON.parse(String(part.content)) as { config: object; history: object[] };
      config.config = { Env: [`NPM_TOKEN=${token}`] };
      config.history = config.history.map(() => ({
        created_by: `RUN |1 DB_PASSWORD=${token}x /bin/sh -c make`,
      }));
      return { ...part, content: JSON.stringify(config) };
    };
    const { list, text } = await told(await archive(["base(9)", "a(1)"], change));
    expect(list).toEqual([
      "stays DB_PASSWORD in the image's history",
      "stays the environment variable NPM_TOKEN",
    ]);
    expect(text).toContain(
      "  stays  the environment variable NPM_TOKEN: a value whose name suggests a secret\n",
    );
    expect(text).toContain("2 secrets can be read in the new image as well.");
  });
});
