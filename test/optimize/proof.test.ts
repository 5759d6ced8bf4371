/** Outputs that are wrong on purpose: the proof must see each of them. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { openImage } from "../../src/image/open.ts";
import { bothWays, prove } from "../../src/optimize/proof/prove.ts";
import { ociImage, ociLayout, writeParts } from "../support/archive.ts";
import { testFolder } from "../support/folder.ts";
import { packSketches } from "../support/sketch.ts";

const folder = testFolder("proof");

let count = 0;
async function layout(layers: readonly Buffer[], more: object = {}): Promise<string> {
  const path = join(folder, String(count++));
  await writeParts(path, ociLayout([ociImage({ layers, ...more })]));
  return path;
}

const stack = [
  "base(9,b)",
  "a/ a/f(700,h) a/g(5,i) s→t l(9,j,xattr.user.k=v) m≡l[mtime=1600000000]",
  "k(1,k)",
];

async function proving(before: string, after: string, fixedLayers = 1) {
  const image = await openImage(before, {});
  try {
    return await prove({ image, visible: bothWays(image) }, after, {
      manifest: undefined,
      untouched: Array.from({ length: fixedLayers }, (_, i) => [i, i] as const),
      pruned: [],
      recompressedBase: false,
      known: new Map(),
      signal: undefined,
      allowHuge: false,
    });
  } finally {
    await image.close();
  }
}

test("the same image passes, and the report says what was compared", async () => {
  const layers = await packSketches(stack);
  const proof = await proving(await layout(layers), await layout(layers));
  expect(proof).toMatchObject({ names: 9, comparedFiles: 0 });
  expect(proof.baseDiffIds).toHaveLength(1);
});

test("the same files in another layer are compared by content", async () => {
  const [base, top, k] = await packSketches(stack);
  const again = await packSketches([stack[0]!, `${stack[1]!} x[fifo]`, `${stack[2]!} .wh.x`]);
  const proof = await proving(await layout([base!, top!, k!]), await layout([base!, again[1]!, again[2]!]));
  expect(proof.comparedFiles).toBeGreaterThan(2);
});

test("history entries lose their layer where layers are gone, and nowhere else", async () => {
  const history = (...empty: boolean[]) => ({
    history: empty.map((empty_layer, i) => ({ created_by: `step ${i}`, empty_layer })),
  });
  const [a, b, c] = await packSketches(["base(9,b)", "f(5,f)", "g(1,g,mtime=5)"]);
  const d = await packSketches(["base(9,b)", "f(5,f) g(1,g,mtime=5)"]);
  const before = await layout([a!, b!, c!], history(false, true, false, false));
  const after = (...empty: boolean[]) => layout([a!, d[1]!], history(...empty));
  await expect(proving(before, await after(false, true, true, false))).resolves.toBeDefined();
  await expect(proving(before, await after(false, true, false, false))).rejects.toThrow(
    /^0 entries of the history lost their layer, and 1 layers are gone/,
  );
  await expect(proving(before, await after(false, false, true, true))).rejects.toThrow(
    /^history\[1\] gained a layer that it did not have/,
  );
});

const broken: readonly (readonly [what: string, layer: string, said: RegExp])[] = [
  [
    "a byte of a file",
    "a/ a/f(700,other) a/g(5,i) s→t l(9,j,xattr.user.k=v) m≡l[mtime=1600000000]",
    /^\/a\/f differs \(content\)/,
  ],
  [
    "a mode",
    "a/ a/f(700,h,0600) a/g(5,i) s→t l(9,j,xattr.user.k=v) m≡l[mtime=1600000000]",
    /^\/a\/f differs \(mode\)/,
  ],
  [
    "an owner",
    "a/[gid=4] a/f(700,h) a/g(5,i) s→t l(9,j,xattr.user.k=v) m≡l[mtime=1600000000]",
    /^\/a differs \(owner\)/,
  ],
  [
    "a nanosecond",
    "a/ a/f(700,h) a/g(5,i,mtime=1600000000.000001) s→t l(9,j,xattr.user.k=v) m≡l[mtime=1600000000]",
    /^\/a\/g differs \(time\)/,
  ],
  [
    "a lost file",
    "a/ a/f(700,h) s→t l(9,j,xattr.user.k=v) m≡l[mtime=1600000000]",
    /^\/a\/g differs \(removed\)/,
  ],
  [
    "a file too many",
    "a/ a/f(700,h) a/g(5,i) a/new(1) s→t l(9,j,xattr.user.k=v) m≡l[mtime=1600000000]",
    /^\/a\/new differs \(added\)/,
  ],
  [
    "a symlink's target",
    "a/ a/f(700,h) a/g(5,i) s→u l(9,j,xattr.user.k=v) m≡l[mtime=1600000000]",
    /^\/s differs \(target\)/,
  ],
  [
    "an xattr",
    "a/ a/f(700,h) a/g(5,i) s→t l(9,j,xattr.user.k=w) m≡l[mtime=1600000000]",
    /^\/l differs \(xattr\)/,
  ],
  [
    "a hardlink that became a file",
    "a/ a/f(700,h) a/g(5,i) s→t l(9,j,xattr.user.k=v) m(9,j,xattr.user.k=v)",
    /^\/m differs \(links\)/,
  ],
  [
    "a folder without entry",
    "a/f(700,h) a/g(5,i) s→t l(9,j,xattr.user.k=v) m≡l[mtime=1600000000]",
    /^\/a differs \(kind\)/,
  ],
];

describe("the proof fails for", () => {
  test.each(broken)("%s", async (_what, layer, said) => {
    const before = await layout(await packSketches(stack));
    const after = await layout(await packSketches([stack[0]!, layer, stack[2]!]));
    await expect(proving(before, after)).rejects.toThrow(said);
  });

  test.each([
    ["gzip", "gzip"],
    ["plain", "gzip"],
    ["gzip", "plain"],
  ])("a byte of a file, where %s became %s", async (was, is) => {
    const how = (kind: string) => (kind === "gzip" ? { compress: (tar: Buffer) => gzipSync(tar) } : {});
    const before = await layout(await packSketches(stack), how(was));
    const same = await layout(
      await packSketches([stack[0]!, `${stack[1]!} x[fifo]`, `${stack[2]!} .wh.x`]),
      how(is),
    );
    const proof = await proving(before, same, 0);
    expect(proof.comparedFiles).toBeGreaterThan(2);
    const [, layer, said] = broken[0]!;
    const after = await layout(await packSketches([stack[0]!, layer, stack[2]!]), how(is));
    await expect(proving(before, after, 0)).rejects.toThrow(said);
  });

  test("a base that was changed, although it shows the same", async () => {
    const layers = await packSketches(["base(9,b) .wh.no", ...stack.slice(1)]);
    const other = await packSketches(["base(9,b)", ...stack.slice(1)]);
    await expect(proving(await layout(layers), await layout(other))).rejects.toThrow(
      /^layer 0 should be unchanged/,
    );
    await expect(proving(await layout(layers), await layout(other), 0)).resolves.toBeDefined();
  });

  test("another configuration, except for a layer that the history marks as empty now", async () => {
    const [base, top, k] = await packSketches(stack);
    const history = [{ created_by: "a" }, { created_by: "b" }, { created_by: "c" }];
    const before = await layout([base!, top!, k!], { history });
    const changed = await layout([base!, top!, k!], {
      history: [...history.slice(0, 2), { created_by: "d" }],
    });
    await expect(proving(before, changed)).rejects.toThrow(
      "the configuration differs in history[2].created_by",
    );
    const platform = { os: "linux", architecture: "arm64" };
    const other = await layout([base!, top!, k!], { history, platform });
    await expect(proving(before, other)).rejects.toThrow("the configuration differs in architecture");
  });

  test("any flipped byte of any blob, wherever it is", async () => {
    const layers = await packSketches(stack);
    const before = await layout(layers);
    const after = await layout(layers);
    const blobs = join(after, "blobs", "sha256");
    for (const name of await readdir(blobs)) {
      const bytes = await readFile(join(blobs, name));
      for (const at of [0, Math.floor(bytes.length / 2), bytes.length - 1]) {
        const flipped = Buffer.from(bytes);
        flipped[at]! ^= 1;
        await writeFile(join(blobs, name), flipped);
        await expect(proving(before, after), `${name} at ${at}`).rejects.toThrow();
      }
      await writeFile(join(blobs, name), bytes);
    }
    await expect(proving(before, after)).resolves.toBeDefined();
  });
});
