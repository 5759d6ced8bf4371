import { expect, test } from "vitest";
import { audit } from "../../src/lint/audit.ts";
import type { Settings } from "../../src/lint/settings.ts";
import { subjectOf } from "../support/subject.ts";

test("of very many dead files the report has the largest, those of one size in byte order", async () => {
  // more files of the largest size than are shown
  const size = (i: number) => (i % 7 === 0 ? 900 : 100 + ((i * 104_729) % 700));
  const folderOf = (i: number) => (i % 2 === 0 ? "z" : "d");
  const files = Array.from({ length: 4000 }, (_, i) => `${folderOf(i)}/f${i}(${size(i)})`);
  // z dies first, so that a name which comes first comes late
  const subject = await subjectOf({ layers: [`d/ z/ ${files.join(" ")}`, ".wh.z", ".wh.d"] });
  const settings: Settings = { rules: [], failOn: "never", budget: undefined };
  const deadOf = (all: boolean) =>
    audit(subject, { settings, targets: { dockerfile: undefined, image: 0 }, all }).targets[0]!.image!;
  const few = deadOf(false);
  const every = deadOf(true);
  expect(few.deadCount).toBe(4000);
  expect(every.dead).toHaveLength(4000);
  expect(few.dead).toEqual(every.dead.slice(0, 100));
  const order = files
    .map((_, i) => ({ bytes: size(i), path: `${folderOf(i)}/f${i}` }))
    .toSorted((a, b) => b.bytes - a.bytes || (a.path < b.path ? -1 : 1));
  expect(every.dead.map(({ bytes, path }) => ({ bytes, path: path.replace(/^\//, "") }))).toEqual(order);
  // the cut goes through files of one size
  expect(order[99]!.bytes).toBe(order[100]!.bytes);
});
