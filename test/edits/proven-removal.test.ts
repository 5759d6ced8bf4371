import { describe, expect, test } from "vitest";
import { deletedLater } from "../../rules/layers/deleted-later.ts";
import { editsOf, fixWith, safetyOf } from "../support/fixes.ts";

const from = "FROM debian:12\n";
const made = "opt/ opt/src/ opt/src/a(300kB) opt/bin(5)";
const gone = "opt/ opt/.wh.src";

/** The Dockerfile after its safe fixes, without its first line. */
const fixed = async (dockerfile: string, layers: readonly string[]) =>
  (await fixWith(deletedLater, { dockerfile: from + dockerfile, layers })).slice(from.length);

describe("the commands whose files the layers show are moved, and no others", () => {
  test("an rm of something that the layers do not have stays", async () => {
    expect(await fixed("RUN make tools\nENV A=1\nRUN rm -rf /opt/src && rm -rf /srv/y\n", [made, gone])).toBe(
      "RUN make tools && rm -rf /opt/src\nENV A=1\nRUN rm -rf /srv/y\n",
    );
  });

  test("a file by its own name", async () => {
    expect(
      await fixed("RUN make tools\nENV A=1\nRUN rm /opt/tool\n", [
        "opt/ opt/tool(300kB)",
        "opt/ opt/.wh.tool",
      ]),
    ).toBe("RUN make tools && rm /opt/tool\nENV A=1\n");
  });

  test("a folder that stays, with a whiteout for each of its files", async () => {
    expect(
      await fixed("RUN make tools\nENV A=1\nRUN rm -rf /opt/src\n", [made, "opt/ opt/src/ opt/src/.wh.a"]),
    ).toBe("RUN make tools && rm -rf /opt/src\nENV A=1\n");
  });

  test("a folder whose other files went in a layer before", async () => {
    const layers = [made, "opt/ opt/src/ opt/src/b(200kB)", "opt/ opt/src/ opt/src/.wh.b", gone];
    expect(await fixed("RUN make tools\nRUN useradd x\nRUN useradd y\nRUN rm -rf /opt/src\n", layers)).toBe(
      "RUN make tools && rm -rf /opt/src\nRUN useradd x\nRUN useradd y\n",
    );
  });

  test("one of two that the same RUN deletes, made by two others", async () => {
    const layers = [made, "srv/ srv/b(200kB)", `${gone} srv/ srv/.wh.b`];
    expect(await fixed("RUN make tools\nRUN useradd x\nRUN rm -rf /opt/src && rm /srv/b\n", layers)).toBe(
      "RUN make tools && rm -rf /opt/src\nRUN useradd x\nRUN rm /srv/b\n",
    );
  });

  test("a layer of several lines is not taken for that of its first line", async () => {
    const image = {
      layers: [made, gone],
      config: { labels: { "io.buildah.version": "1.28" } },
      history: [
        { createdBy: "/bin/sh -c make tools", emptyLayer: true },
        { createdBy: "/bin/sh -c useradd x", emptyLayer: false },
        { createdBy: "/bin/sh -c rm -rf /opt/src", emptyLayer: false },
      ],
    };
    const stages = (between: string) =>
      `${from.trim()} AS made\nRUN make tools\n${between}FROM made\nRUN rm -rf /opt/src\n`;
    expect(await editsOf(deletedLater, { dockerfile: stages("RUN useradd x\n"), ...image })).toEqual([]);
    const single = { ...image, history: image.history.filter((_, i) => i !== 1) };
    single.history[0]!.emptyLayer = false;
    expect(await editsOf(deletedLater, { dockerfile: stages(""), ...single })).toHaveLength(1);
  });

  test.each([
    ["where the rm runs only after a failure", "RUN test -e /x || rm -rf /opt/src\n"],
    ["where no command names the files", "RUN useradd x\n"],
    ["where the RUN is a COPY", "COPY x /opt\n"],
  ])("there is no edit %s", async (_, remover) => {
    const dockerfile = `${from}RUN make tools\nENV A=1\n${remover}`;
    expect(await editsOf(deletedLater, { dockerfile, layers: [made, gone] })).toEqual([]);
  });
});

describe("layers that show something else than the rm make it unsafe", () => {
  const safety = (rm: string, layers: readonly string[]) =>
    safetyOf(deletedLater, { dockerfile: `${from}RUN make tools\nENV A=1\nRUN ${rm}\n`, layers });

  test("one of two files is replaced, not deleted", async () => {
    expect(
      await safety("rm -rf /opt/src", [
        "opt/ opt/src/ opt/src/a(300kB) opt/src/b/ opt/src/b/g(100kB)",
        "opt/ opt/src/ opt/src/.wh.a opt/src/b(7)",
      ]),
    ).toMatch(/no whiteout for exactly \/opt\/src/);
  });

  test("the folder went, although the rm takes its files only", async () => {
    const lists = "var/ var/lib/ var/lib/apt/";
    const layers = [
      `${lists} var/lib/apt/lists/ var/lib/apt/lists/a(300kB)`,
      `${lists} var/lib/apt/.wh.lists`,
    ];
    expect(await safety("rm -rf /var/lib/apt/lists/*", layers)).toMatch(/no whiteout for exactly/);
    const each = `${lists} var/lib/apt/lists/ var/lib/apt/lists/.wh.a`;
    expect(await safety("rm -rf /var/lib/apt/lists/*", [layers[0]!, each])).toBe("safe");
  });

  test("an instruction in between adds files that would stay", async () => {
    const dockerfile = `${from}RUN make tools\nRUN useradd x\nRUN rm -rf /opt/src\n`;
    const layers = [made, "opt/ opt/src/ opt/src/b(200kB)", gone];
    expect(await safetyOf(deletedLater, { dockerfile, layers })).toMatch(
      /^an instruction in between also adds files there, so they become one RUN/,
    );
  });
});
