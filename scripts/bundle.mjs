import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
// Makes the command: src/cli/bin.ts and everything it needs as few files that start fast, and, in chunks beside them,
// what only images need; and bytes.js, what threads that only read bytes need. The licences of the bundled packages ship next to it.
//
// scripts/launcher.cjs starts it, with the code that V8 made of it here: compiling takes a third of a start. So the chunks
// are CommonJS, for which alone that can be done.
import { build, transform } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const out = join(root, "dist", "bin");
rmSync(out, { recursive: true, force: true });

/**
 * Loads yargs' formatter of help on demand. It compiles regular expressions for all of Unicode when it is loaded,
 * which takes as long as linting a Dockerfile.
 */
const lateLayout = {
  name: "late-layout",
  setup({ onResolve, onLoad, resolve }) {
    onResolve({ filter: /^(cliui|string-width)$/ }, ({ path, importer, kind }) =>
      kind === "import-statement" && /[\\/]yargs[\\/]/.test(importer)
        ? { path, namespace: "late", pluginData: { resolveDir: dirname(importer) } }
        : undefined,
    );
    onLoad({ filter: /.*/, namespace: "late" }, async ({ path, pluginData: { resolveDir } }) => {
      const real = await resolve(path, { kind: "import-statement", resolveDir, importer: "late" });
      return {
        contents: `export default (...given) => require(${JSON.stringify(real.path)}).default(...given);`,
        resolveDir,
      };
    });
  },
};

/**
 * Keeps yargs from reading a package.json at or above the working folder: it looks there for a version that it is given,
 * and linting a checkout must read nothing of it that layerlint does not ask for.
 */
const noPackage = {
  name: "no-package",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^escalade\/sync$/ }, ({ path }) => ({ path, namespace: "no-package" }));
    onLoad({ filter: /.*/, namespace: "no-package" }, () => ({
      contents: "export default () => undefined;",
    }));
  },
};

const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const constant = 'typeof __LAYERLINT_VERSION__ === "string" ? __LAYERLINT_VERSION__ : "0.0.0-source"';
const versionFile = join(root, "dist/src/app/version.js");
const compiled = readFileSync(versionFile, "utf8");
if (!compiled.includes(constant)) throw new Error(`${versionFile} has no place for the version`);
// the library is the output of tsc
writeFileSync(versionFile, compiled.replace(constant, JSON.stringify(version)));

const result = await build({
  plugins: [lateLayout, noPackage],
  absWorkingDir: root,
  entryPoints: { main: "src/cli/bin.ts", bytes: "src/image/bytes/thread.ts" },
  outdir: out,
  write: false,
  bundle: true,
  splitting: true,
  platform: "node",
  format: "esm",
  target: "node20.19",
  metafile: true,
  legalComments: "none",
  minifySyntax: true,
  minifyWhitespace: true,
  chunkNames: "chunk-[name]-[hash]",
  define: {
    __DOCKERFILE_AST__: JSON.stringify("./dockerfile-ast.cjs"),
    __IMPORT_MODULE__: JSON.stringify("./import-module.cjs"),
    __LAYERLINT_VERSION__: JSON.stringify(version),
  },
});
mkdirSync(out, { recursive: true });
const functions = new Map();
for (const { path, text } of result.outputFiles) {
  const { code } = await transform(text, {
    format: "cjs",
    platform: "node",
    target: "node20.19",
    minifySyntax: true,
    minifyWhitespace: true,
    supported: { "dynamic-import": false },
    define: { "import.meta.url": "importMetaUrl" },
  });
  const url = code.includes("importMetaUrl")
    ? 'const importMetaUrl=require("node:url").pathToFileURL(__filename).href;'
    : "";
  functions.set(basename(path), `(function(exports,require,module,__filename,__dirname){${url}${code}})`);
}
// what every start loads is one file, an object of functions: some forty small files take a tenth of a start
const atStart = closureOf("main.js");
const inThreads = closureOf("bytes.js");
const packed = [...atStart].map((name) => `${JSON.stringify(`./${name}`)}:${functions.get(name)}`);
writeFileSync(join(out, "main.js"), `({${packed.join(",\n")}})`);
for (const [name, text] of functions) {
  if (!atStart.has(name) || inThreads.has(name)) writeFileSync(join(out, name), text);
}
// the chunks cannot import modules: they are scripts of vm, and their import() has become a require()
writeFileSync(join(out, "import-module.cjs"), "module.exports = (url) => import(url);\n");
writeFileSync(join(out, "package.json"), '{ "type": "commonjs" }\n');
copyFileSync(join(root, "scripts/launcher.cjs"), join(out, "layerlint.js"));
chmodSync(join(out, "layerlint.js"), 0o755);

/** Returns the files that loading an entry loads, itself included. */
function closureOf(entry) {
  const outputs = new Map(
    Object.entries(result.metafile.outputs).map(([path, { imports }]) => [basename(path), imports]),
  );
  const found = new Set([entry]);
  for (const name of found) {
    for (const { path, kind, external } of outputs.get(name) ?? [])
      if (kind === "import-statement" && external !== true) found.add(basename(path));
  }
  return found;
}

// the second parser is needed only when a fix is offered; bundled into one file, it loads in a fraction of the time
const second = await build({
  absWorkingDir: root,
  entryPoints: { "dockerfile-ast": "dockerfile-ast" },
  outdir: out,
  outExtension: { ".js": ".cjs" },
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20.19",
  mainFields: ["module", "main"],
  metafile: true,
  legalComments: "none",
  minify: true,
});

const packages = new Set();
for (const input of [result, second].flatMap(({ metafile }) => Object.keys(metafile.inputs))) {
  const match = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
  if (match) packages.add(match[1]);
}
const texts = [];
for (const name of [...packages].toSorted((a, b) => (a < b ? -1 : 1))) {
  const folder = join(root, "node_modules", name);
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((f) => /^licen[cs]e/i.test(f));
  const text =
    file && existsSync(join(folder, file))
      ? readFileSync(join(folder, file), "utf8").trim()
      : "(no licence file in the package)";
  texts.push(`${name} ${manifest.version} (${manifest.license})\n\n${text}\n`);
}
writeFileSync(join(out, "THIRD-PARTY-LICENSES.txt"), texts.join(`\n${"-".repeat(80)}\n\n`));

// run over the demo, so that the code cache has all functions that usually run; its findings do not matter
const demo = ["Dockerfile", "image.tar"].map((name) => join(root, "fixtures/demo", name));
const { stderr } = spawnSync(
  process.execPath,
  ["--require", join(root, "scripts/keep-code.cjs"), join(out, "layerlint.js"), "--fail-on=never", ...demo],
  { encoding: "utf8" },
);
if (!existsSync(join(out, "main.js.code"))) throw new Error(`the bundle does not start: ${stderr}`);
