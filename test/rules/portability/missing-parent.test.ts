import { expect, test } from "vitest";
import { missingParent } from "../../../rules/portability/missing-parent.ts";
import { findingsOf } from "../../support/subject.ts";

const find = (layers: readonly string[], base = 0) => findingsOf(missingParent, { layers, base });

test("a private directory that would become readable", async () => {
  const [finding, ...others] = await find(["root/[0700] root/a(9)", "root/b(9) root/c(9)"]);
  expect(others).toEqual([]);
  expect(finding?.locations[0]).toMatchObject({ layer: 1 });
  expect(finding?.message).toContain("Docker, Podman and CRI-O use mode 0755");
});

test("it is silent when the layer has the directory", async () => {
  expect(await find(["root/[0700] root/a(9)", "root/[0700] root/b(9)"])).toEqual([]);
});

test("it is silent when no made-up directory would differ", async () => {
  expect(await find(["d/[0755] d/a(9)", "d/b(9)"])).toEqual([]);
});

test.each([
  ["mode", "0750"],
  ["user", "uid=1"],
  ["group", "gid=1"],
])("a directory of another %s than a made-up one has", async (_, attribute) => {
  const [finding] = await find([`d/[${attribute}] d/a(9)`, "d/b(9)"]);
  expect(finding?.message).toContain("has no entry for 1 directory that it writes into (/d)");
});
