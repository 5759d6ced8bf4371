import { expect, test } from "vitest";
import { checkSemantics } from "./semantics.ts";

// Windows has no sh
test.skipIf(process.platform === "win32")("a shell sees no difference after a fix", async () => {
  expect(await checkSemantics(150, 20261125)).toBeGreaterThan(15);
});
