import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { layerlint } from "../support/command.ts";
import { testFolder } from "../support/folder.ts";

const cwd = testFolder("plugins");
const command = join(import.meta.dirname, "../../dist/bin/layerlint.js");

function write(name: string, text: string): void {
  mkdirSync(dirname(join(cwd, name)), { recursive: true });
  writeFileSync(join(cwd, name), text);
}

/** The text of a rule that finds ports; `more` comes last and wins. */
function rule(id: string, more = ""): string {
  return `{
    id: "${id}", aliases: ["${id.toUpperCase()}-1"], category: "correctness", severity: "warning", reads: "dockerfile",
    docs: { summary: "A port of ours", what: "EXPOSE", why: "It is closed.", bad: [], good: [], fix: "None." },
    options: { ports: { type: "list", default: ["22"], summary: "The ports" } },
    *check({ dockerfile }, { ports }) {
      for (const instruction of dockerfile.file.instructions)
        if (instruction.keyword === "EXPOSE" && ports.includes(instruction.body))
          yield { message: "port " + instruction.body, advice: "Leave it out.", evidence: "dockerfile", locations: [{ instruction }] };
    },
    ${more}
  }`;
}

beforeAll(() => {
  write("Dockerfile", "FROM scratch\nEXPOSE 22\nEXPOSE 80\nCOPY a /\n");
  write("silenced/Dockerfile", "FROM scratch\n# layerlint ignore=no-port -- the bastion\nEXPOSE 22\n");
  write("rules.mjs", `export default ${rule("no-port")};`);
  write("more.mjs", `export const rules = [${rule("no-port-a")}, ${rule("no-port-b")}];`);
  write("ci/strict.yaml", `plugins: [./own.mjs]\nrules:\n  own-port: { severity: error, ports: ["80"] }\n`);
  write("ci/own.mjs", `export default { rules: [${rule("own-port")}] };`);
  write("node_modules/@us/rules/package.json", `{"type":"module","exports":{".":{"import":"./lib.js"}}}`);
  write("node_modules/@us/rules/lib.js", `export default [${rule("package-port")}];`);
  write("checkout/.layerlint.yaml", "plugins: [./evil.mjs]\n");
  write("checkout/evil.mjs", `throw new Error("it ran");`);
  write("indexed/index.mjs", "");
  write("checkout/Dockerfile", "FROM scratch\nCOPY a /\n");
});

const run = (...argv: readonly string[]) => layerlint([...argv, "--format", "gnu"], { cwd });
const at = (name: string) => join(cwd, name);

describe("rules of plugins", () => {
  test("run beside those of layerlint, and alone with --only", async () => {
    const both = await run("--plugin", "./rules.mjs", at("Dockerfile"));
    expect(both.stdout).toMatch(/:2:1: warning: port 22 \[no-port\]/);
    expect(both.code).toBe(1);
    const only = await run("--plugin", at("rules.mjs"), "--only", "NO-PORT-1", at("Dockerfile"));
    expect(only.stdout).toMatch(/^\S+:2:1: warning: port 22 \[no-port\]\n$/);
  });

  test("of several plugins, and of a package", async () => {
    const { stdout } = await run("--plugin", "./more.mjs", "--plugin", "@us/rules", at("Dockerfile"));
    expect(stdout.match(/\[.*port.*\]/g)).toEqual(["[no-port-a]", "[no-port-b]", "[package-port]"]);
  });

  test("are silenced by comments, which are known to name them", async () => {
    const { stdout, code } = await run(
      "--plugin",
      "./rules.mjs",
      "--preset",
      "strict",
      at("silenced/Dockerfile"),
    );
    expect(stdout).not.toMatch(/no-port|invalid-ignore|unused-ignore/);
    expect(code).toBe(0);
    const unknown = await run(at("silenced/Dockerfile"));
    expect(unknown.stdout).toContain("invalid-ignore");
  });

  test("come from a configuration that --config names, counted from its folder, and take options from it", async () => {
    const { stdout } = await run("--config", "ci/strict.yaml", at("Dockerfile"));
    expect(stdout).toMatch(/:3:1: error: port 80 \[own-port\]/);
    expect(stdout).not.toContain("port 22");
  });

  test("are listed and explained", async () => {
    const { stdout } = await layerlint(["rules", "--plugin", "./rules.mjs"], { cwd });
    expect(stdout).toMatch(/no-port +warning +A port of ours/);
    const explained = await layerlint(["explain", "own-port", "--config", "ci/strict.yaml"], { cwd });
    expect(explained.stdout).toContain("It is closed.");
  });

  test("a crash is one line that names the rule, the file, the plugin and the place", async () => {
    write("crash.mjs", `export default ${rule("crash", `check() { throw new Error("oh") },`)};`);
    const { stderr, code } = await run("--plugin", "./crash.mjs", at("Dockerfile"));
    expect(stderr).toMatch(
      /^layerlint: the rule crash failed on \S+\/Dockerfile, which is a bug in \.\/crash\.mjs: Error: oh \(at \S+ \(\S+crash\.mjs:\d+:\d+\)\)\n$/,
    );
    expect(code).toBe(2);
  });

  test.each([
    ["undefined", "undefined"],
    ["'no\\nway'", "no"],
  ])("a crash that throws %s is one line, too", async (thrown, shown) => {
    const name = `throws-${shown.replace(/\W/g, "")}`;
    write(`${name}.mjs`, `export default ${rule(name, `check() { throw ${thrown} },`)};`);
    const { stderr, code } = await run("--plugin", `./${name}.mjs`, at("Dockerfile"));
    expect(stderr).toBe(
      `layerlint: the rule ${name} failed on ${at("Dockerfile")}, which is a bug in ./${name}.mjs: ${shown}\n`,
    );
    expect(code).toBe(2);
  });

  test("after a crash the report does not say that nothing was found", async () => {
    write("alone.mjs", `export default ${rule("alone", `check() { throw new Error("oh") },`)};`);
    const argv = ["--plugin", "./alone.mjs", "--only", "alone", at("Dockerfile")];
    const { stdout } = await layerlint(argv, { cwd });
    expect(stdout).toBe(`no finding, but the check is incomplete, in ${at("Dockerfile")}\n`);
  });

  test.each(["message", "advice", "locations"])("a finding without %s names the plugin", async (part) => {
    const finding = { message: "a", advice: "b", locations: [], evidence: "dockerfile", [part]: undefined };
    write(`no-${part}.mjs`, `export default ${rule("lacks", `check: () => [${JSON.stringify(finding)}],`)};`);
    const { stderr, stdout, code } = await run(
      "--plugin",
      `./no-${part}.mjs`,
      "--only",
      "lacks",
      at("Dockerfile"),
    );
    expect(stderr).toContain(`which is a bug in ./no-${part}.mjs: TypeError: a finding has no ${part}`);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });

  test("a crash repeats no secret of the Dockerfile", async () => {
    const value = `ghp_${"Ab1".repeat(12)}`;
    write("secret/Dockerfile", `FROM scratch\nENV TOKEN=${value}\n`);
    const check = "check({ dockerfile }) { throw new Error(dockerfile.file.instructions[1].body) },";
    write("quotes.mjs", `export default ${rule("quotes", check)};`);
    const { stderr } = await run("--plugin", "./quotes.mjs", "--only", "quotes", at("secret/Dockerfile"));
    expect(stderr).toContain("TOKEN=");
    expect(stderr).not.toContain(value);
  });

  test("run in the bundled command, in both threads", () => {
    for (let i = 0; i < 130; i++) write(`many/${i}/Dockerfile`, "FROM scratch\nEXPOSE 22\nCOPY a /\n");
    const argv = ["--plugin", "./rules.mjs", "--only", "no-port", "--format", "gnu", "--no-fail", "many"];
    const stdout = execFileSync(process.execPath, [command, ...argv], { cwd, encoding: "utf8" });
    expect(stdout.match(/port 22 \[no-port\]/g)).toHaveLength(130);
  });
});

describe("an unusable plugin gives a one-line error and exit status 2", () => {
  test.each(["{", "null"])("a package whose package.json is %s", async (manifest) => {
    write("node_modules/broken/package.json", manifest);
    const { stderr, code } = await run("--plugin", "broken", at("Dockerfile"));
    expect(stderr).toBe("layerlint: broken: the package has no valid package.json\n");
    expect(code).toBe(2);
  });

  test("a discovered configuration may not name plugins: linting a checkout must not run its code", async () => {
    const { stderr, code } = await run(at("checkout/Dockerfile"));
    expect(stderr).toMatch(
      /\.layerlint\.yaml:1: plugins are loaded only from a configuration that --config names/,
    );
    expect(stderr).not.toContain("it ran");
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(code).toBe(2);
  });

  test.each([
    ["no file", "./none.mjs", "", /\.\/none\.mjs: there is no such plugin file/],
    [
      "a folder",
      "./ci/",
      "",
      /\.\/ci\/: this is a folder; give the file that exports the rules \(\.\/ci\/rules\.js\) or the name of/,
    ],
    ["a folder with an index", "./indexed", "", /\(\.\/indexed\/index\.mjs\)/],
    ["no package", "@us/none", "", /@us\/none: there is no such package/],
    [
      "a file without ./",
      "rules",
      "",
      /rules: there is no such package; a file is named with its path: \.\/rules/,
    ],
    ["a web address", "https://a/b", "", /"https:\/\/a\/b": a plugin is a file .* or the name of a package/],
    [
      "it throws",
      "./bad.mjs",
      `throw new Error("no\\nway");`,
      /\.\/bad\.mjs: the plugin cannot be loaded: no$/m,
    ],
    ["it exports nothing", "./bad.mjs", "export const x = 1;", /\.\/bad\.mjs: .* exports none/],
    ["no rule", "./bad.mjs", "export default [7];", /\.\/bad\.mjs: a rule needs an id/],
    [
      "reads",
      "./bad.mjs",
      `export default ${rule("bad", `reads: "all",`)};`,
      /\.\/bad\.mjs: the rule "bad": reads must be one of dockerfile, /,
    ],
    [
      "docs",
      "./bad.mjs",
      `export default ${rule("bad", `docs: {},`)};`,
      /the rule "bad": docs\.summary must be a text/,
    ],
    [
      "options",
      "./bad.mjs",
      `export default ${rule("bad", `options: { a: { type: "flag", default: 1 } },`)};`,
      /options\.a needs a default of its type/,
    ],
    ["check", "./bad.mjs", `export default ${rule("bad", "check: 1,")};`, /check must be a function/],
    [
      "an id of ours",
      "./bad.mjs",
      `export default ${rule("sudo")};`,
      /\.\/bad\.mjs: the rule sudo: "sudo" is the name of another rule/,
    ],
    [
      "an alias of ours",
      "./bad.mjs",
      `export default ${rule("bad", `aliases: ["dl3004"],`)};`,
      /\.\/bad\.mjs: the rule bad: "dl3004" is the name of another rule/,
    ],
  ])("%s", async (title, plugin, text, message) => {
    // an imported module stays imported: each case has a file of its own
    const name = plugin === "./bad.mjs" ? `./${title.replaceAll(" ", "-")}.mjs` : plugin;
    if (text !== "") write(name, text);
    const { stderr, stdout, code } = await run("--plugin", name, at("Dockerfile"));
    expect(stderr.replaceAll(name, plugin)).toMatch(message);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });
});

test("the plugin of the manual runs, and its test passes under node:test", () => {
  const manual = readFileSync(join(import.meta.dirname, "../../docs/plugins.md"), "utf8");
  for (const [, name = "", code = ""] of manual.matchAll(/^```js\n\/\/ (\S+)\n(.*?)^```$/gms))
    write(`manual/${name}`, code);
  write("manual/package.json", `{"type":"module"}`);
  mkdirSync(join(cwd, "manual/node_modules"));
  symlinkSync(join(import.meta.dirname, "../.."), join(cwd, "manual/node_modules/layerlint"));
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
  const node = (...argv: readonly string[]) =>
    execFileSync(process.execPath, argv, { cwd: join(cwd, "manual"), env, encoding: "utf8" });
  expect(node("--test", "no-port.test.js")).toMatch(/pass 6\b/);
  const lint = [command, "--plugin", "./no-port.js", "--only", "no-port", "--format", "gnu", "--no-fail"];
  expect(node(...lint, at("Dockerfile"))).toContain("line 2 exposes port 22 [no-port]");
});
