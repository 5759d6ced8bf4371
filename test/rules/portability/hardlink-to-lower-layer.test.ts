import { expect, test } from "vitest";
import { hardlinkToLowerLayer } from "../../../rules/portability/hardlink-to-lower-layer.ts";
import { findingsOf } from "../../support/subject.ts";

const find = (layers: readonly string[], base = 0) => findingsOf(hardlinkToLowerLayer, { layers, base });

test("a link to a file that only a lower layer has", async () => {
  const [finding, ...others] = await find(["f(9)", "g≡f h≡f"]);
  expect(others).toEqual([]);
  expect(finding?.message).toContain("has 2 hardlinks to a file of a lower layer (/g and 1 more)");
});

test("it is silent when the layer holds the file too", async () => {
  expect(await find(["f(9,h)", "f(9,h) g≡f"])).toEqual([]);
});

test("a link to a name that is itself a link to the lower file", async () => {
  const [finding] = await find(["f(9)", "g≡f h≡g"]);
  expect(finding?.message).toContain("has 2 hardlinks to a file of a lower layer (/g and 1 more)");
});

test("a link to a symlink that only a lower layer has", async () => {
  const [finding] = await find(["f→x", "g≡f"]);
  expect(finding?.message).toContain("has 1 hardlink to a file of a lower layer (/g)");
});
