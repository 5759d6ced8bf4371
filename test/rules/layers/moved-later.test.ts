import { expect, test } from "vitest";
import { movedLater } from "../../../rules/layers/moved-later.ts";
import { findingsOf, type SubjectSketch } from "../../support/subject.ts";

const find = (sketch: SubjectSketch) => findingsOf(movedLater, sketch);
const dockerfile = "FROM a\nRUN one\nRUN two\n";

test("a moved file is a note that names the new path and its line, on the dead inode", async () => {
  const [finding, ...others] = await find({
    dockerfile,
    layers: ["a/ a/f(50kB,h)", "a/ a/.wh.f b/ b/g(50kB,h)"],
  });
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ annotates: true, bytes: 50_000 });
  expect(finding?.message).toBe(
    "50.0 kB of it was only moved: /a/f has the same content as /b/g from line 3; write it to its final path right away",
  );
  expect(finding?.inodes?.map(({ layer, entry }) => `${layer} ${entry.path}`)).toEqual(["0 a/f"]);
});

test("a file that is copied by one instruction and deleted by the next is found too", async () => {
  const [finding] = await find({
    dockerfile: "FROM a\nCOPY f /f\nRUN cp /f /g\nRUN rm /f\n",
    layers: ["f(50kB,h)", "g(50kB,h)", ".wh.f"],
  });
  expect(finding?.message).toContain("/g from line 3");
});

test("a copy from a later instruction than the deletion is not where the file went", async () => {
  const text = "FROM a\nCOPY f /f\nRUN mv /f /g\nCOPY . /srv\n";
  const [finding] = await find({
    dockerfile: text,
    layers: ["f(50kB,h)", ".wh.f g(50kB,h)", "srv/ srv/f(50kB,h)"],
  });
  expect(finding?.message).toContain("/g from line 3");
  expect(await find({ dockerfile: text, layers: ["f(50kB,h)", ".wh.f", "srv/ srv/f(50kB,h)"] })).toEqual([]);
});

test("a moved directory is one note for the pair, with its largest file", async () => {
  const findings = await find({
    dockerfile,
    layers: ["a/ a/f(50kB,f) a/g(90kB,g)", ".wh.a b/ b/f(50kB,f) b/g(90kB,g)"],
  });
  expect(findings.map(({ message }) => message)).toEqual([
    "140.0 kB of it was only moved: /a/g has the same content as /b/g from line 3 (and 1 more file likewise); write it to its final path right away",
  ]);
});

test.each([
  ["small files", ["a(4095,h)", ".wh.a b(4095,h)"]],
  ["other content of the same size", ["a(50kB)", ".wh.a b(50kB)"]],
  ["a twin that was there before", ["a(50kB,h) b(50kB,h)", ".wh.a"]],
  ["the same path again", ["a(50kB,h,0644)", "a(50kB,h,0600)"]],
  ["a file that stays", ["a(50kB,h)", "b(50kB,h)"]],
])("it is silent about %s", async (_, layers) => {
  expect(await find({ dockerfile, layers })).toEqual([]);
});
