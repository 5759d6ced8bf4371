import fc from "fast-check";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { agrees, isPlain } from "../../src/dockerfile/cross-check.ts";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";

function asked(text: string): boolean {
  return agrees(text, parseDockerfile(text, "Dockerfile").instructions);
}

const lines = fc.constantFrom(
  "FROM a AS b",
  "RUN a && b",
  "RUN a \\",
  "  && b \\  ",
  "\tb",
  "# why",
  "  # why",
  "",
  "   ",
  'CMD ["a", "b c",]',
  'ENV a="b',
  "COPY --from=x a \\",
  "run echo \\$x 'y",
  "\\",
  "x=1",
  "ONBUILD RUN a \\",
  "# syntax=docker/dockerfile:1",
  "EXPOSE",
  'RUN ["a", \\',
  'LABEL "c d"="e \\',
);

describe("plain text is not cross-checked", () => {
  test("because it would agree: random lines in any order", () => {
    let plain = 0;
    fc.assert(
      fc.property(
        fc.array(lines, { maxLength: 12 }),
        fc.constantFrom("\n", "\r\n"),
        fc.boolean(),
        (all, end, last) => {
          const text = all.join(end) + (last ? end : "");
          if (!isPlain(text)) return;
          plain++;
          expect(asked(text)).toBe(true);
        },
      ),
      { numRuns: 3000, seed: 1 },
    );
    expect(plain).toBeGreaterThan(500);
  });

  test("because it would agree: realistic files", () => {
    const folder = join(import.meta.dirname, "../../fixtures/dockerfiles");
    const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
    const plain = texts.filter(isPlain);
    expect(plain.length).toBeGreaterThan(3);
    for (const text of plain) expect(asked(text)).toBe(true);
  });

  test.each([
    "FROM a\nRUN <<E\nx\nE\n",
    "# escape=`\nFROM a\n",
    "# foo=bar\nFROM a\n",
    "FROM a\nRUN c \\\\\nUSER d\n",
    "FROM a\nRUN \\\n# comment\\comment\n",
    "FROM a\rRUN b\n",
    "FROM a\nRUN \u00a0b\n",
    "FROM a\nRUN b \\\n",
    "FROM a\nRUN b \\\n\n",
  ])("%j is cross-checked", (text) => {
    expect(isPlain(text)).toBe(false);
  });
});
