import { describe, expect, test } from "vitest";
import { leftoverCache } from "../../rules/caches/leftover-cache.ts";
import { unpackings } from "../../src/analysis/archives/unpacking.ts";
import { created } from "../../src/analysis/steps/creations.ts";
import { isOption, optionsOf } from "../../src/analysis/steps/option-words.ts";
import { removed } from "../../src/analysis/steps/removals.ts";
import { conda } from "../../src/knowledge/tools/conda.ts";
import { npm } from "../../src/knowledge/tools/npm.ts";
import { pip } from "../../src/knowledge/tools/pip.ts";
import { findingsOf, subjectOf } from "../support/subject.ts";

test.each([
  ["--no-cache-dir", "--no-cache-dir", pip, true],
  ["--no-cache-dir=1", "--no-cache-dir", pip, true],
  ["--no-cache", "--no-cache-dir", pip, true],
  ["--no-ca", "--no-cache-dir", pip, true],
  // may be --no-clean as well, which pip refuses
  ["--no-c", "--no-cache-dir", pip, false],
  ["--no-cachet", "--no-cache-dir", pip, false],
  ["--cach", "--cache", npm, false],
  ["-ay", "-a", conda, true],
  ["-tipy", "-a", conda, false],
  ["--ay", "-a", conda, false],
  ["-ay", "-a", npm, false],
  [undefined, "-a", conda, false],
] as const)("%s is %s", (word, option, tool, is) => {
  expect(isOption(word, option, tool)).toBe(is);
});

test("a shortened option takes the value of the whole one", () => {
  const word = (value: string) => ({ value, text: value, start: 0, end: 0, glob: false });
  const { options, rest } = optionsOf(
    ["--output-d", "a", "--output-doc=b", "--out", "c"].map(word),
    "",
    ["--output-document"],
    { "--output-document": "--output-d" },
  );
  expect(options.map(({ name, value }) => [name, value?.value])).toEqual([
    ["--output-document", "a"],
    ["--output-document", "b"],
    ["--out", undefined],
  ]);
  expect(rest.map(({ value }) => value)).toEqual(["c"]);
});

test("a dash alone is an operand, and what follows two, unless an option takes them", () => {
  const word = (value: string) => ({ value, text: value, start: 0, end: 0, glob: false });
  const { options, rest } = optionsOf(["-", "-ab", "--", "-c"].map(word), "b", []);
  expect(options.map(({ name, value }) => [name, value?.value])).toEqual([
    ["-a", undefined],
    ["-b", "--"],
    ["-c", undefined],
  ]);
  expect(rest.map(({ value }) => value)).toEqual(["-"]);
  expect(optionsOf(["--", "-c"].map(word), "", []).rest.map(({ value }) => value)).toEqual(["-c"]);
});

async function stepOf(run: string) {
  const subject = await subjectOf({ dockerfile: `FROM a\nWORKDIR /w\nRUN ${run}\n` });
  return subject.dockerfile!.steps.at(-1)!;
}

test.each([
  ["wget --output-d /x/a https://h/b", ["/x/a"]],
  ["wget --directory-p /x https://h/b", ["/x/b"]],
  ["wget https://h/b?c", []],
  ["wget -r https://h/b", []],
  ["curl -O https://h/b?c", ["/w/b"]],
  ["curl -o a https://h/b", ["/w/a"]],
  ["curl https://h/b", []],
  ["curl -OJ https://h/b", []],
  ["git clone https://h/b.git", ["/w/b"]],
  ["git clone --depth 1 https://h/b /x", ["/x"]],
  ["git clone --bare https://h/b", []],
  ["git fetch https://h/b", []],
  ["apk add --update-cache x", ["/var/cache/apk"]],
  ["apk update", ["/var/cache/apk"]],
  // the base image may have an index
  ["apk add x", []],
  ["apk upgrade x", []],
  ["yum install x", ["/var/cache/yum"]],
  ["microdnf install x", ["/var/cache/yum"]],
  ["dnf install x", ["/var/cache/dnf"]],
])("%s certainly creates %j", async (run, paths) => {
  const step = await stepOf(run);
  expect(created(step.script!.commands[0]!, step).map(({ path }) => path)).toEqual(paths);
});

test.each([
  ["tar --ext --file a.tar", ["/w/a.tar"], "/w"],
  ["tar --extract --file a.tar --dir /x", ["/w/a.tar"], "/x"],
  ["tar --extract --file a.tar --directory=/x --gzip", ["/w/a.tar"], "/x"],
  ["tar -xzf a.tgz -C /x", ["/w/a.tgz"], "/x"],
  ["tar -xf a.tar --strip-components=1", ["/w/a.tar"], undefined],
  ["tar --extract --file=a.tar", [], undefined],
  ["tar -tf a.tar", [], undefined],
  ["unzip a.zip b", ["/w/a.zip"], undefined],
  ["7z x a.7z b", ["/w/a.7z"], undefined],
  ["7z l a.7z", [], undefined],
  ["dpkg -i a.deb b.deb", ["/w/a.deb", "/w/b.deb"], undefined],
  ["dpkg -r a.deb", [], undefined],
  ["rpm -Uvh a.rpm", ["/w/a.rpm"], undefined],
  ["apt-get install -y /a.deb curl", ["/a.deb"], undefined],
  ["dnf5 install -y ./a.rpm", ["/w/a.rpm"], undefined],
  ["dnf remove /a.rpm", [], undefined],
  ["tar xf a.tar", ["/w/a.tar"], "/w"],
  ["tar xfz a.tar", ["/w/a.tar"], "/w"],
  ["tar -xfa.tar", [], undefined],
  ["tar -xzf - -C /x", [], undefined],
  ["tar -xf a.tar -C/x", ["/w/a.tar"], "/x"],
  ["tar -xf a.tar -C $X", ["/w/a.tar"], undefined],
  ["tar -xf a.tar $X", [], undefined],
  ["tar -xf a*.tar", [], undefined],
  ["tar -xf a.tar b", ["/w/a.tar"], undefined],
  ["tar -x -f a.tar -v --get", ["/w/a.tar"], "/w"],
  ["tar xf a.tar b", ["/w/a.tar"], undefined],
  ["tar -czf a.tar b", [], undefined],
  ["tar -x", [], undefined],
  ["tar -xf a.tar -T list", ["/w/a.tar"], undefined],
  ["tar -xf a.tar -Tlist", ["/w/a.tar"], undefined],
  ["tar xTf list a.tar", ["/w/a.tar"], undefined],
  ["ls | xargs unzip a.zip", [], undefined],
  ["find . -exec unzip a.zip +", [], undefined],
])("%s unpacks %j", async (run, paths, into) => {
  const found = unpackings((await stepOf(run)).script!.commands.at(-1)!);
  expect(found.map(({ path }) => path)).toEqual(paths);
  expect(found[0]?.into).toBe(into);
});

test("pip with a beginning of --no-cache-dir leaves no cache", async () => {
  const dockerfile = "FROM a\nRUN pip install --no-cache flask\n";
  expect(await findingsOf(leftoverCache, { dockerfile })).toEqual([]);
});

describe("a unique beginning of a long option counts as the option", () => {
  test.each([
    ["pip install --no-cache flask", []],
    ["apk add --no-cac git", []],
    ["dnf install -y --cacheonl x", []],
    ["zypper --no-refres -n install x", []],
    ["pip install --no-c flask", ["pip's cache"]],
    ["pip install flask -- --no-cache-dir", ["pip's cache"]],
  ])("%s", async (run, left) => {
    const found = await findingsOf(leftoverCache, { dockerfile: `FROM a\nRUN ${run}\n` });
    expect(found.map(({ message }) => /leaves (.*?) in the image/.exec(message)?.[1])).toEqual(left);
  });

  test("of rm, too", async () => {
    const step = await stepOf("rm --recurs --forc /x");
    expect(removed(step.script!.commands[0]!, step)).toMatchObject([{ path: "/x", recursive: true }]);
  });
});
