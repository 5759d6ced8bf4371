/** Control sequences in the documents of an image never reach the terminal. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { dockerArchive, tarOf, type Part } from "../support/archive.ts";
import { layerlint } from "../support/command.ts";
import { testFolder } from "../support/folder.ts";
import { packSketches } from "../support/sketch.ts";

const folder = testFolder("hostile-history");
const hostile = "\u001b]0;title\u0007\u001b[2K\u001b[32mok\u009b1m";
const created = ["RUN base", `RUN ${hostile}`, `RUN rm ${hostile}`];
// oxlint-disable-next-line no-control-regex
const control = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/;

async function saved(name: string, change: (parts: Part[]) => Part[] = (parts) => parts): Promise<string> {
  const layers = await packSketches(["base(1)", "big(300000)", ".wh.big"]);
  const history = created.map((text) => ({ created_by: text }));
  const path = join(folder, name);
  await writeFile(path, await tarOf(change(dockerArchive({ layers, history, tag: `x:${hostile}` }))));
  return path;
}

test.each([
  ["lint", "pretty"],
  ["lint", "github"],
  ["lint", "gnu"],
  ["inspect", "pretty"],
])("ESC and BEL of a history are shown: %s --format %s", async (command, format) => {
  const { stdout } = await layerlint([command, await saved(`${command}-${format}.tar`), "--format", format]);
  expect(stdout).toContain("�]0;title��[2K�[32mok�1m");
  expect(stdout).not.toMatch(control);
});

test("those of two images, and of the layers of a rewrite", async () => {
  const [one, other] = [
    await saved("one.tar"),
    await saved("other.tar", (parts) => withConfig(parts, hostile)),
  ];
  const { stdout } = await layerlint(["compare", one, other]);
  expect(stdout).toContain("ok�1m");
  expect(stdout).not.toMatch(control);
  expect((await layerlint(["optimize", "--dry-run", one])).stdout).not.toMatch(control);
});

test("those of an error", async () => {
  const image = await saved("error.tar", (parts) => withConfig(parts, "", `${hostile}:1`));
  const { code, stderr } = await layerlint(["lint", "--verify", image]);
  expect(code).toBe(2);
  expect(stderr).toContain("which layerlint cannot verify");
  expect(stderr).not.toMatch(control);
});

/** Another label, and other diff IDs, under a name that promises nothing. */
function withConfig(parts: readonly Part[], label: string, diffId?: string): Part[] {
  const config = parts.at(-2)!;
  const value = JSON.parse(String(config.content)) as { rootfs: { diff_ids: string[] } };
  const changed = {
    ...value,
    config: { Labels: { [`name${label}`]: label } },
    rootfs: { diff_ids: value.rootfs.diff_ids.map((each) => diffId ?? each) },
  };
  const manifest = String(parts.at(-1)!.content).replace(config.path, "config.json");
  return [
    ...parts.slice(0, -2),
    { path: "config.json", content: JSON.stringify(changed) },
    { path: "manifest.json", content: manifest },
  ];
}
