import fc from "fast-check";
import { expect, test } from "vitest";
import { toBytes } from "../../src/byte-path.ts";
import { groupRows, inWords } from "../../src/rule/findings/path-rows.ts";

test("directories are opened as long as ten rows are enough", () => {
  const { paths } = groupRows([
    { path: toBytes("a/x/1"), bytes: 5 },
    { path: toBytes("a/x/2"), bytes: 6 },
    { path: toBytes("a/y"), bytes: 1 },
  ]);
  expect(paths).toEqual([
    { path: "a/x/2", bytes: 6 },
    { path: "a/x/1", bytes: 5 },
    { path: "a/y", bytes: 1 },
  ]);
});

test("a directory that went as a whole stays one row", () => {
  const { paths } = groupRows([
    { path: toBytes("a/x/1"), bytes: 5, through: toBytes("a/x") },
    { path: toBytes("a/x/2/3"), bytes: 5, through: toBytes("a/x") },
    { path: toBytes("b"), bytes: 1, through: toBytes("b") },
  ]);
  expect(paths).toEqual([
    { path: "a/x", bytes: 10, files: 2, note: "mostly 1" },
    { path: "b", bytes: 1 },
  ]);
});

test("one file that makes up most of a directory is named", () => {
  const small = Array.from({ length: 20 }, (_, i) => ({ path: toBytes(`d/s${i}`), bytes: 1 }));
  const { paths } = groupRows([...small, { path: toBytes("d/big.bin"), bytes: 100 }]);
  expect(paths).toEqual([{ path: "d", bytes: 120, files: 21, note: "mostly big.bin" }]);
});

test("no file gives no row and no words", () => {
  expect(groupRows([])).toEqual({ paths: [] });
  expect(inWords(groupRows([]))).toBe("");
});

test("whatever the paths, at most ten rows hold every file and every byte exactly once", () => {
  const part = fc.constantFrom("a", "b", "c", "d", "e");
  const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => toBytes(parts.join("/")));
  const items = fc.uniqueArray(fc.record({ path, bytes: fc.nat(1000) }), {
    selector: (item) => item.path,
    minLength: 1,
    maxLength: 60,
  });
  fc.assert(
    fc.property(items, (files) => {
      const { paths, morePaths } = groupRows(files);
      expect(paths.length).toBeLessThanOrEqual(10);
      const count = paths.reduce((sum, row) => sum + (row.files ?? 1), 0) + (morePaths?.count ?? 0);
      const bytes = paths.reduce((sum, row) => sum + row.bytes, 0) + (morePaths?.bytes ?? 0);
      expect(count).toBe(files.length);
      expect(bytes).toBe(files.reduce((sum, file) => sum + file.bytes, 0));
    }),
    { numRuns: 1000, seed: 3 },
  );
});

test("a hundred thousand files are grouped in a moment", () => {
  const items = Array.from({ length: 100_000 }, (_, i) => ({
    path: toBytes(`d${i % 300}/e${i % 7}/f${i}`),
    bytes: i,
  }));
  const start = performance.now();
  groupRows(items);
  expect(performance.now() - start).toBeLessThan(5000);
});
