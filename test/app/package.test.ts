/** The package as somebody who installed it sees it: its types under strict TypeScript, and the snippets of the manual. */
import { execFile } from "node:child_process";
import { copyFile, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { testFolder } from "../support/folder.ts";

const root = join(import.meta.dirname, "../..");
const folder = testFolder("package");
const run = promisify(execFile);

/** The blocks of TypeScript in the manual that use the package. */
async function snippets(): Promise<[name: string, text: string][]> {
  const pages = (await readdir(join(root, "docs"))).filter((name) => name.endsWith(".md"));
  const texts = await Promise.all(
    ["README.md", ...pages.map((name) => join("docs", name))].map((name) =>
      readFile(join(root, name), "utf8"),
    ),
  );
  return texts
    .flatMap((text) => [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = ""]) => code))
    .filter((code) => code.includes('from "layerlint"'))
    .map((code, i) => [`snippet-${i}`, code]);
}

const compilerOptions = {
  target: "es2022",
  lib: ["es2022", "esnext.disposable"],
  module: "nodenext",
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noImplicitOverride: true,
  noPropertyAccessFromIndexSignature: true,
  isolatedModules: true,
  skipLibCheck: false,
  types: ["node"],
  typeRoots: [join(root, "node_modules/@types")],
  outDir: "out",
};

let names: readonly string[];
beforeAll(async () => {
  await mkdir(join(folder, "node_modules"));
  await symlink(root, join(folder, "node_modules/layerlint"));
  await copyFile(join(root, "fixtures/demo/Dockerfile"), join(folder, "Dockerfile"));
  await copyFile(join(root, "fixtures/demo/image.tar"), join(folder, "app.tar"));
  await copyFile(join(root, "fixtures/consumer/consumer.ts"), join(folder, "consumer.ts"));
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
  const found = await snippets();
  for (const [name, text] of found) await writeFile(join(folder, `${name}.ts`), text);
  names = found.map(([name]) => name);
});

test("strict TypeScript compiles a program that uses it, and every snippet of the manual; the snippets run", async () => {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const { stdout } = await run(process.execPath, [tsc, "-p", "."], { cwd: folder }).catch(
    (error: { stdout: string }) => error,
  );
  expect(stdout).toBe("");
  expect(names.length).toBeGreaterThan(3);
  for (const name of names) {
    const { stdout: said, stderr } = await run(process.execPath, [join("out", `${name}.js`)], {
      cwd: folder,
    });
    expect([name, stderr]).toEqual([name, ""]);
    expect(said).not.toBe("");
  }
});
