import { test } from "vitest";
import { checkSemantics } from "./semantics.ts";

test("a shell sees no difference after 3,000 fixes, other ones every time", async () => {
  await checkSemantics(10_000);
}, 600_000);
