import { expect, test } from "vitest";
import { remoteAddWithoutChecksum as rule } from "../../../rules/instructions/remote-add-without-checksum.ts";
import { findingsOf } from "../../support/subject.ts";
import { isSilent, onlySays } from "../../support/tables.ts";

onlySays(rule, [
  [
    "in a builder stage",
    "FROM a AS x\nADD https://b.example/c.tgz /c\nFROM d\nCOPY --from=x /c /c\n",
    /downloads https:\/\/b\.example\/c\.tgz/,
    /ADD --checksum=sha256:/,
  ],
  [
    "beside a file",
    "FROM a\nADD d http://b.example/c /e/\n",
    /downloads http:\/\/b\.example\/c /,
    /ADD --checksum=sha256:/,
  ],
]);

const severities = async (...urls: string[]) => {
  const adds = urls.map((url) => `ADD ${url} /d/\n`).join("");
  return (await findingsOf(rule, { dockerfile: `FROM a\n${adds}` })).map(
    ({ severity = "warning" }) => severity,
  );
};

test("a release is a warning", async () => {
  const urls = [
    "https://b.example/v1.2/tool",
    "https://b.example/tool.tar.gz",
    "https://b.example/${VERSION}/tool",
    "https://b.example/dl/24194/x.zip",
  ];
  expect(await severities(...urls)).toEqual(urls.map(() => "warning"));
});

test("what changes any day, or a commit names, is info: a checksum would break the build, or adds nothing", async () => {
  const urls = [
    "https://b.example/releases/latest/download/tool.tar.gz",
    "https://aka.ms/vs/17/release/runtime.exe",
    "https://go.microsoft.com/fwlink/?linkid=2085155",
    "https://b.example/raw/master/tool.exe",
    "https://b.example/latest.cgi?p=mingw.zip",
    "https://b.example/domain/named.root",
    "https://sh.b.example",
    `https://b.example/raw/${"b4".repeat(20)}/dump.cc`,
  ];
  expect(await severities(...urls)).toEqual(urls.map(() => "info"));
});

isSilent(rule, [
  ["a checksum", "FROM a\nADD --checksum=sha256:0 https://b.example/c /d\n"],
  ["Git", "FROM a\nADD https://b.example/c.git#main /d\n"],
  ["Git with a query", "FROM a\nADD https://b.example/c.git?ref=v1.2 /d\n"],
  ["Git with a query and a fragment", "FROM a\nADD https://b.example/c.git?checksum=0a1b#v1 /d\n"],
  ["files", "FROM a\nADD b.tgz /d\n"],
  ["a stage that nobody needs", "FROM a AS x\nADD https://b.example/c /c\nFROM d\n"],
]);
