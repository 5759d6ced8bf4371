/** optimize on a real image: Debian, apt, a compiler that comes and goes, files that change their owner. */
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openImage } from "../../src/image/open.ts";
import { isQuick, lab, layerlint, optimizedDebian, run, script } from "./lab.ts";
import { differences, OverlayStore, seenByUmoci } from "./runtimes.ts";

let work: string;
let archive: string;
let gzip: string;
let store: OverlayStore | undefined;

const optimize = (input: string, output: string, ...more: string[]) =>
  layerlint("optimize", input, "-o", output, "--base", "1", ...more);

beforeAll(() => {
  script("tools.sh", isQuick ? "quick" : "all");
  script("bases.sh", "debian");
  const images = optimizedDebian();
  archive = join(images, "docker-archive.tar");
  gzip = join(images, "oci-gzip.tar");
  // buildah makes a name of the folder, and names are lower case
  work = join(lab, `optimize-${process.pid}`);
  mkdirSync(work);
  store = new OverlayStore(join(work, "store"));
});
afterAll(() => {
  store?.remove();
  rmSync(work, { recursive: true, force: true });
});

async function look(path: string) {
  const image = await openImage(path, { verify: true });
  await image.close();
  return image;
}

/** What the layers above the first take, compressed as we do it. */
async function gzipBytes(path: string): Promise<number> {
  const image = await openImage(path);
  let sum = 0;
  for (const { index } of image.layers.slice(1)) {
    const { handle, offset, size } = await image.source.blob(index);
    const bytes = Buffer.alloc(size);
    await handle.read(bytes, 0, size, offset);
    sum += gzipSync(bytes, { level: 6 }).length;
  }
  await image.close();
  return sum;
}

test("the part outside of the base shrinks by at least 70 % at the same level, base and history stay", async () => {
  const small = join(work, "small.tar");
  optimize(archive, small, "--recompress", "gzip:6");
  const [a, b] = [await look(archive), await look(small)];
  // the same level on both sides: what the builder wrote is not what we write
  const before = await gzipBytes(archive);
  const after = b.layers.slice(1).reduce((sum, layer) => sum + layer.compressedBytes, 0);
  const saved = 1 - after / before;
  console.log(`outside of the base: ${before} → ${after} bytes, ${(saved * 100).toFixed(1)} % less`);
  expect(saved).toBeGreaterThanOrEqual(0.7);
  expect(b.layers[0]!.digest).toBe(a.layers[0]!.digest);
  expect(b.config.history?.length).toBe(a.config.history?.length);
});

test("umoci and the kernel's overlay see no difference", () => {
  const [before, after] = [join(work, "before"), join(work, "after")];
  run("skopeo", "copy", "--quiet", `oci-archive:${gzip}`, `oci:${before}:lab`);
  optimize(before, after);
  const bundle = join(work, "bundle");
  const umoci = seenByUmoci(before, bundle);
  expect(umoci).not.toHaveProperty("error");
  expect(differences(umoci, seenByUmoci(after, bundle))).toEqual([]);
  const overlay = store!.seen(before);
  expect(overlay).not.toHaveProperty("error");
  expect(differences(overlay, store!.seen(after))).toEqual([]);
  expect((overlay as string[]).length).toBeGreaterThan(2000);
});

test.each([["auto"], ["above-base"], ["all"]])("squashed (%s), they see no difference either", (range) => {
  const [before, after] = [join(work, "before"), join(work, `squashed-${range}`)];
  if (!existsSync(before)) run("skopeo", "copy", "--quiet", `oci-archive:${gzip}`, `oci:${before}:lab`);
  optimize(before, after, "--squash", range);
  const bundle = join(work, "bundle");
  expect(differences(seenByUmoci(before, bundle), seenByUmoci(after, bundle))).toEqual([]);
  const overlay = store!.seen(before);
  expect(overlay).not.toHaveProperty("error");
  expect(differences(overlay, store!.seen(after))).toEqual([]);
});
