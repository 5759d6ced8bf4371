import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { bundle, bundleFolder } from "../../scripts/from-source.mjs";

const folder = join(bundleFolder, `node-test-${process.pid}`);
mkdirSync(folder, { recursive: true });
afterAll(() => rmSync(folder, { recursive: true }));

const rule = `instructionRule({
  id: "no-expose",
  aliases: [],
  category: "correctness",
  severity: "info",
  reads: "dockerfile",
  docs: {
    summary: "EXPOSE",
    what: "Every EXPOSE.",
    why: "It opens nothing.",
    bad: [{ title: "A port", dockerfile: "FROM scratch\\nEXPOSE 80\\n" }],
    good: [{ title: "No port", dockerfile: "FROM scratch\\nUSER 1\\n" }],
    fix: "None.",
  },
  keywords: ["EXPOSE"],
  find: ({ instruction }) => ({ message: "port " + instruction.body, advice: "Leave it out." }),
})`;

/** Runs a file of node:test with the harness, and returns its status and what it prints. */
async function nodeTest(name: string, body: string): Promise<{ status: number | null; output: string }> {
  const file = join(folder, `${name}.test.mjs`);
  await bundle(
    `import { describe, it } from "node:test";
     import { tablesFor } from "./src/testing.ts";
     import { instructionRule } from "./src/rule/instruction-rule.ts";
     const { examples, onlySays, isSilent } = tablesFor({ describe, it });
     const rule = ${rule};
     ${body}`,
    file,
  );
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
  const { status, stdout } = spawnSync(process.execPath, ["--test", file], { env, encoding: "utf8" });
  return { status, output: stdout };
}

test("the tables run under node:test", async () => {
  const { status, output } = await nodeTest(
    "passing",
    `examples(rule);
     onlySays(rule, [["a port", "FROM scratch\\nEXPOSE 80\\n", /^port 80$/, /Leave it out/]]);
     isSilent(rule, [["none", "FROM scratch\\n"]]);`,
  );
  expect(output).toMatch(/pass 6\b/);
  expect(status).toBe(0);
});

test("under node:test a table fails with the violation", async () => {
  const { status, output } = await nodeTest(
    "failing",
    `isSilent(rule, [["a port", "FROM scratch\\nEXPOSE 80\\n"]]);`,
  );
  expect(output).toContain("port 80");
  expect(status).toBe(1);
});
