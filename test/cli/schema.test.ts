/** The published JSON Schema describes what the command really prints. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { layerlint } from "../support/command.ts";

const root = join(import.meta.dirname, "../..");
const demo = join(root, "fixtures/demo");
const schema = JSON.parse(readFileSync(join(root, "schema/report.schema.json"), "utf8")) as object;
const validate = new Ajv2020({ allErrors: true, strict: true }).compile(schema);

describe("schema/report.schema.json", () => {
  test.each([
    ["a Dockerfile", [join(demo, "Dockerfile")]],
    ["an image", [join(demo, "image.tar")]],
    [
      "both, every dead file and a budget",
      ["--all", "--max-waste", "5%", join(demo, "Dockerfile"), join(demo, "image.tar")],
    ],
    ["both, in the other order", [join(demo, "image.tar"), join(demo, "Dockerfile")]],
  ])("describes the report of %s", async (_, argv) => {
    const { stdout } = await layerlint(["--format", "json", ...argv]);
    validate(JSON.parse(stdout));
    expect(validate.errors ?? []).toEqual([]);
  });

  test("inspect prints the same report", async () => {
    const targets = [join(demo, "Dockerfile"), join(demo, "image.tar")];
    const lint = await layerlint(["--format", "json", ...targets]);
    const inspect = await layerlint(["inspect", "--format", "json", ...targets]);
    expect(inspect.code).toBe(0);
    const [a, b] = [JSON.parse(lint.stdout), JSON.parse(inspect.stdout)] as {
      summary: { failed: boolean };
    }[];
    expect({ ...b, summary: { ...b!.summary, failed: a!.summary.failed } }).toEqual(a);
  });

  test("refuses a report that lacks a total, or has an unknown value", async () => {
    const { stdout } = await layerlint(["--format", "json", join(demo, "image.tar")]);
    const report = JSON.parse(stdout) as {
      targets: { image: { totals: Record<string, unknown>; dead: { cause: string }[] } }[];
    };
    delete report.targets[0]!.image.totals["deadBytes"];
    expect(validate(report)).toBe(false);
    const other = JSON.parse(stdout) as typeof report;
    other.targets[0]!.image.dead[0]!.cause = "vanished";
    expect(validate(other)).toBe(false);
  });
});
