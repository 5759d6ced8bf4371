/** What README.md and docs/ show is what the command does: its output, its commands, its configuration. */
import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { ociImage, ociLayout, tarOf } from "../support/archive.ts";
import { layerlint } from "../support/command.ts";
import { freshPaths, testFolder } from "../support/folder.ts";
import { packSketches } from "../support/sketch.ts";

const root = join(import.meta.dirname, "../..");
const demo = (name: string) => relative(process.cwd(), join(root, "fixtures/demo", name));
const pages = ["README.md", ...readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md"))].map(
  (name) => (name === "README.md" ? name : `docs/${name}`),
);

const folder = testFolder("manual");
const fresh = freshPaths(folder);

interface Block {
  readonly page: string;
  readonly language: string;
  readonly text: string;
}

const blocks: readonly Block[] = pages.flatMap((page) =>
  [...readFileSync(join(root, page), "utf8").matchAll(/^```(\w*)\n([^]*?)^```$/gm)].map(
    ([, language = "", text = ""]) => ({ page, language, text }),
  ),
);

function blockOf(page: string, language: string): Block {
  const block = blocks.find((each) => each.page === page && each.language === language);
  if (block === undefined) throw new Error(`${page} has no block of ${language}`);
  return block;
}

test("the picture of a report is what lint prints (else run `npm run picture`)", async () => {
  const { stdout } = await layerlint(["--color", "always", demo("Dockerfile"), demo("image.tar")]);
  const drawn = promisify(execFile)(process.execPath, [join(root, "scripts/report-picture.mjs"), "--check"]);
  drawn.child.stdin?.end(stdout);
  expect(await drawn).toEqual({ stdout: "", stderr: "" });
});

test("the output of optimize", async () => {
  const shown = blocks.find(({ text }) => text.startsWith("fixtures/demo/image.tar →"));
  const expected = shown?.text.split("\n").filter((line) => line.trim() !== "" && line.trim() !== "…");
  const output = fresh(".tar");
  const { stdout } = await layerlint(["optimize", demo("Dockerfile"), demo("image.tar"), "-o", output]);
  const lines = stdout.replace(output, "small.tar").split("\n");
  expect(expected?.length).toBeGreaterThan(5);
  expect(expected?.filter((line) => !lines.includes(line))).toEqual([]);
});

describe("the commands", () => {
  /** `docker save app:1 | layerlint - # why`, `layerlint fix --stdin < Dockerfile`. */
  const commands = blocks
    .filter(({ language }) => language === "")
    .flatMap(({ page, text }) =>
      text.split("\n").flatMap((line) => {
        const [, pipe, command, , input] =
          /^(docker save \S+ \| )?layerlint (\S.*?)( < (\S+))?(?:\s+# .*)?$/.exec(line) ?? [];
        if (command === undefined) return [];
        return [{ page, words: command.split(" "), input: pipe === undefined ? input : "app.tar" }];
      }),
    );
  let both: Buffer;

  beforeAll(async () => {
    const [layer = Buffer.alloc(0)] = await packSketches(["a(500)"]);
    const images = ["app:1", "app:2"].map((tag) => ({
      ...ociImage({ layers: [layer] }),
      entry: { annotations: { "io.containerd.image.name": tag, "org.opencontainers.image.ref.name": tag } },
    }));
    both = await tarOf(ociLayout(images));
  });

  /** A folder with all files that the manual names. */
  function files(): string {
    const path = fresh();
    mkdirSync(path);
    copyFileSync(demo("Dockerfile"), join(path, "Dockerfile"));
    for (const name of ["app.tar", "old.tar", "new.tar", "base.tar"]) {
      copyFileSync(demo("image.tar"), join(path, name));
    }
    writeFileSync(join(path, "both.tar"), both);
    writeFileSync(join(path, "no-port.js"), blockOf("docs/plugins.md", "js").text);
    writeFileSync(join(path, "package.json"), `{"type":"module"}`);
    mkdirSync(join(path, "node_modules"));
    symlinkSync(root, join(path, "node_modules/layerlint"));
    return path;
  }

  test("every page that should show some does", () => {
    const without = pages.filter((page) => !commands.some((command) => command.page === page));
    expect(without).toEqual(["docs/hook.md", "docs/library.md"]);
  });

  test.each(commands.map((command) => ({ ...command, name: command.words.join(" ") })))(
    "of $page: layerlint $name",
    async ({ words, input }) => {
      const cwd = files();
      const argv = words.map((word) =>
        word === "." || /^(?:Dockerfile|\w+\.tar|\w+\.json)$/.test(word) ? join(cwd, word) : word,
      );
      const stdin = input === undefined ? [] : [readFileSync(join(cwd, input))];
      const { code, stderr } = await layerlint(argv, { cwd, stdin });
      expect({ stderr, isUnderstood: code < 2 }).toEqual({ stderr: "", isUnderstood: true });
    },
  );
});

test("the configuration and the comments", async () => {
  const cwd = fresh();
  mkdirSync(cwd);
  const comments = blockOf("docs/configuration.md", "dockerfile").text.replace("…", "RUN apt-get update");
  writeFileSync(join(cwd, "Dockerfile"), `FROM debian:12\n${comments}`);
  writeFileSync(join(cwd, ".layerlint.yaml"), blockOf("docs/configuration.md", "yaml").text);
  const { code, stdout, stderr } = await layerlint(["--format", "json", join(cwd, "Dockerfile")], { cwd });
  expect(stderr).toBe("");
  expect(code).toBeLessThan(2);
  const { findings } = JSON.parse(stdout) as { readonly findings: readonly { readonly rule: string }[] };
  expect(findings.map(({ rule }) => rule)).not.toContain("invalid-ignore");
});

test("the README links every page of the manual", () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  expect(pages.filter((page) => page !== "README.md" && !readme.includes(`](${page})`))).toEqual([]);
});

test("the links to pages and headings", () => {
  const anchors = (text: string) =>
    [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\w -]/g, "")
        .replaceAll(" ", "-"),
    );
  const dead = pages.flatMap((page) => {
    const text = readFileSync(join(root, page), "utf8");
    return [...text.matchAll(/\]\((?!https?:)([^)#]*)#?([^)]*)\)/g)].flatMap(
      ([link, path = "", anchor = ""]) => {
        const file = path === "" ? join(root, page) : join(root, page, "..", path);
        try {
          const target = readFileSync(file, "utf8");
          return anchor === "" || anchors(target).includes(anchor) ? [] : [`${page}: ${link}`];
        } catch {
          return [`${page}: ${link}`];
        }
      },
    );
  });
  expect(dead).toEqual([]);
});
