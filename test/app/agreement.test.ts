/** `lint`, `inspect` and `optimize` say the same of an image: where its base ends, and what a rewrite saves. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { OptimizeReport } from "../../src/app/rewriting/optimize-report.ts";
import type { Report } from "../../src/lint/report.ts";
import { sketchArchive } from "../support/archive.ts";
import { layerlint } from "../support/command.ts";
import { testFolder } from "../support/folder.ts";
import { writeFile } from "node:fs/promises";

const folder = testFolder("agreement");
const archives = join(import.meta.dirname, "../../fixtures/archives");

async function figures(path: string) {
  const json = async (...args: string[]) => (await layerlint([...args, "--format", "json", path])).stdout;
  const optimized = JSON.parse(await json("optimize", "--dry-run")) as OptimizeReport;
  const [one] = optimized.images;
  const wanted = {
    baseLayers: one!.baseLayers,
    baseFoundBy: one!.baseFoundBy,
    fixedLayers: one!.fixedLayers,
    reclaimableBytes: one!.saved.contentBytes,
  };
  for (const command of ["lint", "inspect"]) {
    const { image } = (JSON.parse(await json(command)) as Report).targets[0]!;
    const { baseLayers, baseFoundBy, fixedLayers, totals } = image!;
    const { reclaimableBytes } = totals;
    expect({ baseLayers, baseFoundBy, fixedLayers, reclaimableBytes }, command).toEqual(wanted);
  }
  return wanted;
}

describe("the commands agree", () => {
  test("where the end of the base is a guess", async () => {
    expect(await figures(join(archives, "containerd-plain-and-gzip-layers.tar"))).toMatchObject({
      baseLayers: 3,
      baseFoundBy: "last-cmd",
      fixedLayers: 1,
    });
  });

  test("where a layer has dead files and stays as it is, because runtimes read it differently", async () => {
    const path = join(folder, "kept.tar");
    await writeFile(
      path,
      await sketchArchive(["base(9)", "dead(80000) x(1) x(2)", ".wh.dead", "old(500)", ".wh.old"]),
    );
    expect(await figures(path)).toMatchObject({ fixedLayers: 1, reclaimableBytes: 500 });
  });
});
