import { expect, test } from "vitest";
import { shellQuoted } from "../../src/edits/shell-quoted.ts";

test.each([
  ["/opt/a-1.0_b+c@d%e,f:g=h", "/opt/a-1.0_b+c@d%e,f:g=h"],
  ["two words", "'two words'"],
  ["it's", String.raw`'it'\''s'`],
  ["$HOME", "'$HOME'"],
  ["", "''"],
])("%j is written %s", (word, written) => {
  expect(shellQuoted(word)).toBe(written);
});
