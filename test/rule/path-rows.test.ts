import fc from "fast-check";
import { expect, test } from "vitest";
import { toBytes } from "../../src/byte-path.ts";
import { groupRows, inWords } from "../../src/rule/findings/path-rows.ts";
import { growthOf } from "../support/work.ts";

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

test.each([
  ["ten files are ten rows", 10, 10],
  ["eleven files of a directory are one", 11, 1],
])("%s", (_, files, rows) => {
  const items = Array.from({ length: files }, (_each, i) => ({ path: toBytes(`d/f${i}`), bytes: 1 }));
  expect(groupRows(items).paths).toHaveLength(rows);
});

test("a directory is opened where its files take its row and those that are left, and no more", () => {
  const top = Array.from({ length: 5 }, (_, i) => ({ path: toBytes(`top${i}`), bytes: 1 }));
  const inside = (count: number) =>
    Array.from({ length: count }, (_, i) => ({ path: toBytes(`d/f${i}`), bytes: 9 }));
  expect(groupRows([...top, ...inside(5)]).paths).toHaveLength(10);
  expect(groupRows([...top, ...inside(6)]).paths.map(({ path }) => path)).toEqual([
    "d",
    "top0",
    "top1",
    "top2",
    "top3",
    "top4",
  ]);
});

test("of eleven files of the root ten are listed, and the smallest is counted", () => {
  const items = Array.from({ length: 11 }, (_, i) => ({ path: toBytes(`f${i}`), bytes: 11 - i }));
  const rows = groupRows(items);
  expect(rows.paths.map(({ bytes }) => bytes)).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
  expect(rows.morePaths).toEqual({ count: 1, bytes: 1 });
  expect(inWords(rows)).toBe(" (/f0 and 10 more)");
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

test("the cost of grouping is linear in files", () => {
  const grouping = (n: number) => {
    const items = Array.from({ length: n }, (_, i) => ({
      path: toBytes(`d${i % 300}/e${i % 7}/f${i}`),
      bytes: i,
    }));
    return () => void groupRows(items);
  };
  expect(growthOf(grouping, 5000)).toBeLessThan(4.5);
});
