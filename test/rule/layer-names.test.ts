import { formatList } from "../../src/format.ts";
import { expect, test } from "vitest";
import { layerName, shortCommand } from "../../src/rule/findings/layer-names.ts";
import { subjectOf } from "../support/subject.ts";

test.each([
  ["RUN /bin/sh -c apt-get update # buildkit", "RUN apt-get update"],
  ["RUN |2 TOKEN=abc B=x y /bin/sh -c make # buildkit", "RUN make"],
  ["|1 TOKEN=abc /bin/sh -c make", "RUN make"],
  ["RUN |1 TOKEN=abc unknown-shell make # buildkit", "RUN …"],
  ["RUN /bin/bash -o pipefail -c make | tee log # buildkit", "RUN make | tee log"],
  ["/bin/sh -c make", "RUN make"],
  ['/bin/sh -c #(nop)  CMD ["sh"]', 'CMD ["sh"]'],
  [`/bin/sh -c #(nop) COPY file:${"0a".repeat(32)} in /x `, "COPY file in /x"],
  ["COPY a /b # buildkit", "COPY a /b"],
  ["RUN cp a b", "RUN cp a b"],
  ["RUN /bin/sh -c make\n  two\n # buildkit", "RUN make two"],
  ["", ""],
])("%j is shown as %j", (createdBy, shown) => {
  expect(shortCommand(createdBy)).toBe(shown);
});

test("a long command is cut, and never in the middle of a character", () => {
  for (let i = 0; i < 4; i++) {
    const shown = shortCommand(`RUN ${"x".repeat(32 + i)}😀😀😀😀`);
    expect(shown.length).toBeLessThanOrEqual(40);
    expect(shown).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
    expect(shown.endsWith("…")).toBe(true);
  }
});

test("words are listed as one says them", () => {
  expect([formatList([]), formatList(["a"]), formatList(["a", "b"]), formatList(["a", "b", "c"])]).toEqual([
    "",
    "a",
    "a and b",
    "a, b and c",
  ]);
});

test("a stage in one layer is not called after its CMD, which makes no file", async () => {
  const { image } = await subjectOf({
    layers: ["a(1)"],
    history: [
      { createdBy: "/bin/sh -c make", emptyLayer: true },
      { createdBy: '/bin/sh -c #(nop) CMD ["sh"]', emptyLayer: false },
    ],
  });
  expect(layerName(image!, 0)).toBe('layer 0 (all up to CMD ["sh"])');
});
