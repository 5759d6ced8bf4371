import { expect, test } from "vitest";
import { aufsMetadata } from "../../../rules/portability/aufs-metadata.ts";
import { findingsOf } from "../../support/subject.ts";

const find = (layers: readonly string[], base = 0) => findingsOf(aufsMetadata, { layers, base });

test("hardlink bookkeeping is dead and counted here", async () => {
  const [finding, ...others] = await find(["f(9)", ".wh..wh.plnk/ .wh..wh.plnk/1.2(200kB)"]);
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ bytes: 200_000, fixes: [{ operation: "drop-dead" }] });
  expect(finding?.message).toContain("of AUFS metadata");
});

test("it is silent about opaque markers and whiteouts", async () => {
  expect(await find(["d/ d/f(9) g(9)", "d/ d/.wh..wh..opq .wh.g"])).toEqual([]);
});
