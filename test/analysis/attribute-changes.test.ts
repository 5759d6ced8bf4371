import { describe, expect, test } from "vitest";
import { changeOf, target, timeOnly } from "../../src/analysis/ownership/attribute-changes.ts";
import { subjectOf } from "../support/subject.ts";

/** What a second layer changes of the file that a first one has. */
async function change(before: string, after: string) {
  const { image } = await subjectOf({ layers: [before, after] });
  return changeOf(image!.rootfs.deadFiles[0]!);
}

describe("the attributes that a second copy of a file changes", () => {
  test.each([
    ["the mode", "f(5,h,0644)", "f(5,h,0755)", { mode: "0644→0755", xattrs: false, time: false }],
    [
      "a short mode, with zeros",
      "f(5,h,0007)",
      "f(5,h,0644)",
      { mode: "0007→0644", xattrs: false, time: false },
    ],
    ["the user", "f(5,h)", "f(5,h,uid=7)", { owner: "0:0→7:0", xattrs: false, time: false }],
    ["the group alone", "f(5,h)", "f(5,h,gid=8)", { owner: "0:0→0:8", xattrs: false, time: false }],
    ["the second", "f(5,h,mtime=5)", "f(5,h,mtime=6)", { xattrs: false, time: true }],
    ["the part of a second", "f(5,h,mtime=5.25)", "f(5,h,mtime=5.5)", { xattrs: false, time: true }],
    ["nothing", "f(5,h,mtime=5.25)", "f(5,h,mtime=5.25)", { xattrs: false, time: false }],
    ["an extended attribute more", "f(5,h)", "f(5,h,xattr.user.a=x)", { xattrs: true, time: false }],
    ["an extended attribute less", "f(5,h,xattr.user.a=x)", "f(5,h)", { xattrs: true, time: false }],
    ["its value", "f(5,h,xattr.user.a=x)", "f(5,h,xattr.user.a=y)", { xattrs: true, time: false }],
    ["its name", "f(5,h,xattr.user.a=x)", "f(5,h,xattr.user.b=x)", { xattrs: true, time: false }],
    [
      "none, where both have the same",
      "f(5,h,xattr.user.a=x)",
      "f(5,h,xattr.user.a=x)",
      { xattrs: false, time: false },
    ],
  ])("%s", async (_, before, after, wanted) => {
    expect(await change(before, after)).toEqual(wanted);
  });

  test("a file that was deleted has none", async () => {
    expect(await change("f(5)", ".wh.f")).toEqual({ xattrs: false, time: false });
  });
});

test("the time alone may differ", () => {
  expect(timeOnly({ xattrs: false, time: true })).toBe(true);
  expect(timeOnly({ xattrs: true, time: true })).toBe(false);
  expect(timeOnly({ mode: "0644→0755", xattrs: false, time: true })).toBe(false);
  expect(timeOnly({ owner: "0:0→1:1", xattrs: false, time: true })).toBe(false);
});

test("the new value is known where all changes end in the same", () => {
  const none = { xattrs: false, time: false };
  const toMode = (mode: string) => ({ ...none, mode });
  expect(target([toMode("0644→0755"), toMode("0600→0755"), none], "mode")).toBe("0755");
  expect(target([toMode("0644→0755"), toMode("0644→0700")], "mode")).toBeUndefined();
  expect(target([toMode("0644→0755")], "owner")).toBeUndefined();
});
