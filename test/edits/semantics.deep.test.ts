import { test } from "vitest";
import { checkSemantics } from "./semantics.ts";

test("a shell sees no difference after 3,000 random fixes", async () => {
  await checkSemantics(10_000);
}, 600_000);
