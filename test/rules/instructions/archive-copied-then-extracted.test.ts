import { describe, expect, test } from "vitest";
import { archiveCopiedThenExtracted as rule } from "../../../rules/instructions/archive-copied-then-extracted.ts";
import { deletedLater } from "../../../rules/layers/deleted-later.ts";
import { checkFixes, editsOf, fixWith, safetyOf } from "../../support/fixes.ts";
import { findingsOf } from "../../support/subject.ts";

const from = "FROM debian:12\n";
const messages = async (text: string) =>
  (await findingsOf(rule, { dockerfile: from + text })).map(({ message }) => message);
const fixed = async (text: string) => {
  const dockerfile = from + text;
  await checkFixes(rule, { dockerfile });
  expect(await fixWith(rule, { dockerfile })).toBe(dockerfile);
  return (await fixWith(rule, { dockerfile }, true)).slice(from.length);
};

test("the archive stays beside its content", async () => {
  expect(await messages("COPY dist/a.tar.xz /srv/\nENV A=1\nRUN tar -xJf /srv/a.tar.xz -C /opt\n")).toEqual([
    "line 2 copies /srv/a.tar.xz, line 4 unpacks it, and the archive stays in the image",
  ]);
});

describe("ADD takes the place of a plain tar", () => {
  test.each([
    ["COPY ./a.tgz /srv/\nRUN tar -xzf /srv/a.tgz -C /opt/x\n", "ADD a.tgz /opt/x/\n"],
    ["WORKDIR /srv\nCOPY a.tar .\nRUN tar xf a.tar\n", "WORKDIR /srv\nADD a.tar /srv/\n"],
    [
      "COPY a.tar.bz2 /tmp/a.tar.bz2\n# unpack\nRUN tar --extract --directory=/ -f /tmp/a.tar.bz2",
      "# unpack\nADD a.tar.bz2 /",
    ],
  ])("%s", async (before, after) => {
    expect(await fixed(before)).toBe(after);
    expect(await safetyOf(rule, { dockerfile: from + before })).toMatch(/owners recorded in the archive/);
  });
});

describe("else the RUN borrows the archive", () => {
  test.each([
    ["more commands", "tar -xf /srv/a.tgz -C /opt && chown -R app /opt"],
    ["components are stripped", "tar -xf /srv/a.tgz --strip-components=1 -C /opt"],
    ["a member is named", "tar -xf /srv/a.tgz -C /opt bin/tool"],
    ["an option that is not known here", "tar -xOf /srv/a.tgz"],
  ])("%s", async (_, command) => {
    expect(await fixed(`COPY a.tgz /srv/\nRUN ${command}\n`)).toBe(
      `RUN --mount=type=bind,source=a.tgz,target=/srv/a.tgz ${command}\n`,
    );
  });

  test("the condition says that the archive is not in the image any more", async () => {
    const dockerfile = `${from}COPY a.tgz /srv/\nRUN tar -xOf /srv/a.tgz\n`;
    expect(await safetyOf(rule, { dockerfile })).toMatch(/exists during this RUN only, not in the image$/);
  });

  test("from another stage, and for archives that ADD does not unpack", async () => {
    expect(await fixed("COPY --from=golang /a.zip /srv/\nRUN unzip /srv/a.zip -d /opt\n")).toBe(
      "RUN --mount=type=bind,from=golang,source=a.zip,target=/srv/a.zip unzip /srv/a.zip -d /opt\n",
    );
  });
});

test.each([
  ["two RUNs read it", "COPY a.tgz /srv/\nRUN tar -xf /srv/a.tgz bin\nRUN tar -xf /srv/a.tgz lib\n"],
  ["an owner is given", "COPY --chown=1:1 a.tgz /srv/\nRUN tar -xf /srv/a.tgz -C /opt\n"],
  ["a comment would get lost", "COPY a.tgz \\\n  # why\n  /srv/\nRUN tar -xf /srv/a.tgz -C /opt\n"],
])("no edit where %s", async (_, text) => {
  expect(await messages(text)).toHaveLength(1);
  expect(await editsOf(rule, { dockerfile: from + text })).toEqual([]);
});

test.each([
  ["nothing unpacks it", "COPY a.tgz /srv/\nRUN sha256sum /srv/a.tgz\n"],
  ["it is no archive", "COPY app.jar /srv/\nRUN unzip /srv/app.jar\n"],
  ["a pattern names it", "COPY *.tgz /srv/\nRUN tar -xf /srv/a.tgz\n"],
  ["a condition decides", 'COPY a.tgz /srv/\nRUN [ -z "$X" ] || tar -xf /srv/a.tgz\n'],
  ["a mount covers it", "COPY a.tgz /srv/\nRUN --mount=type=tmpfs,target=/srv tar -xf /srv/a.tgz\n"],
  [
    "a builder stage does it",
    "COPY a.tgz /srv/\nRUN tar -xf /srv/a.tgz -C /opt\nFROM scratch\nCOPY --from=0 /opt /\n",
  ],
  ["a later RUN may delete it", 'COPY a.tgz /srv/\nRUN tar -xf /srv/a.tgz\nRUN rm -rf "$DIR"\n'],
])("nothing is said when %s", async (_, text) => {
  expect(await messages(text)).toEqual([]);
});

test("one smell is said once: what is deleted later is the matter of deleted-later", async () => {
  const dockerfile = `${from}COPY a.tgz /srv/\nRUN tar -xf /srv/a.tgz -C /opt && rm /srv/a.tgz\n`;
  expect(await findingsOf(rule, { dockerfile })).toEqual([]);
  expect(await findingsOf(deletedLater, { dockerfile })).toHaveLength(1);
});

test("with the layers at hand the bytes are those of the archive, if it is there", async () => {
  const dockerfile = `${from}COPY a.tgz /srv/\nRUN tar -xf /srv/a.tgz -C /opt\n`;
  const [finding] = await findingsOf(rule, {
    dockerfile,
    layers: ["srv/ srv/a.tgz(5MB)", "opt/ opt/a(9MB)"],
  });
  expect(finding).toMatchObject({
    bytes: 5_000_000,
    evidence: "both",
    fixes: [{ safety: "unsafe", bytes: 5_000_000 }],
  });
  expect(await findingsOf(rule, { dockerfile, layers: ["srv/", "opt/ opt/a(9MB)"] })).toEqual([]);
});
