import { expect, test } from "vitest";
import { overlayWhiteoutDevice } from "../../../rules/portability/overlay-whiteout-device.ts";
import { findingsOf } from "../../support/subject.ts";

const find = (layers: readonly string[], base = 0) => findingsOf(overlayWhiteoutDevice, { layers, base });

test("a device 0:0 is a whiteout that was packed as it is", async () => {
  const [finding] = await find(["d/ d/f(9)", "d/ d/f[char=0:0]"]);
  expect(finding?.message).toContain("has 1 character device 0:0 (/d/f)");
});

test("it is silent about real devices", async () => {
  expect(await find(["dev/ dev/null[char=1:3] dev/loop0[block=7:0]"])).toEqual([]);
});
