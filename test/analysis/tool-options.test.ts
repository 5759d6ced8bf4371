import { describe, expect, test } from "vitest";
import { leftoverCache } from "../../rules/caches/leftover-cache.ts";
import { unpackings } from "../../src/analysis/archives/unpacking.ts";
import { created } from "../../src/analysis/steps/creations.ts";
import { isOpaque } from "../../src/analysis/steps/opaque.ts";
import { hasOption, lineOf, toolLine, verbOf } from "../../src/analysis/steps/option-words.ts";
import { removed } from "../../src/analysis/steps/removals.ts";
import { toolNamed } from "../../src/knowledge/toolbox.ts";
import { optionsOf } from "../../src/shell/option-reader.ts";
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
  // npm has --cache-max, too
  ["--cach", "--cache", npm, false],
  ["--prefer-of", "--prefer-offline", npm, true],
  ["-production", "--production", npm, true],
  ["-ay", "-a", conda, true],
  ["-tipy", "-a", conda, false],
  ["--ay", "-a", conda, false],
  ["-ay", "-a", npm, true],
] as const)("%s is %s", (text, option, tool, is) => {
  expect(hasOption(toolLine([word(text)], tool, tool.id), option)).toBe(is);
});

const word = (value: string) => ({ value, text: value, start: 0, end: 0, glob: false });

test("a shortened option takes the value of the whole one", () => {
  const { options, rest } = optionsOf(["--output-d", "a", "--output-doc=b", "--out", "c"].map(word), {
    short: "",
    long: ["--output-document", "--output-file"],
    abbreviates: true,
  });
  expect(options.map(({ name, value }) => [name, value?.value])).toEqual([
    ["--output-document", "a"],
    ["--output-document", "b"],
    ["--out", undefined],
  ]);
  expect(rest.map(({ value }) => value)).toEqual(["c"]);
});

test("a dash alone is an operand, and what follows two, unless an option takes them", () => {
  const { options, rest } = optionsOf(["-", "-ab", "--", "-c"].map(word), { short: "b", long: [] });
  expect(options.map(({ name, value }) => [name, value?.value])).toEqual([
    ["-a", undefined],
    ["-b", "--"],
    ["-c", undefined],
  ]);
  expect(rest.map(({ value }) => value)).toEqual(["-"]);
  expect(optionsOf(["--", "-c"].map(word), { short: "", long: [] }).rest.map(({ value }) => value)).toEqual([
    "-c",
  ]);
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

/** The first operand, and the options with their values; `?` before an option that the record does not know. */
function read(line: string) {
  const [name = "", ...args] = line.split(" ");
  const command = { name, args: args.map(word) };
  const { options, operands } = lineOf(command);
  return [
    verbOf(command)?.value ?? "",
    ...operands.slice(1).map(({ value }) => value),
    ...options.map(
      (option) => `${option.isKnown ? "" : "?"}${option.name}${option.value ? `:${option.value.value}` : ""}`,
    ),
  ].join(" ");
}

// seen with the tool itself: apt 2.6, curl 7.88, Git 2.39, Go 1.26, Cargo 1.95, npm 11, Yarn 1.22, pip 23, Maven 3.8,
// uv, Poetry, PDM; the others as their documentation says
test.each([
  ["npm --prefix x ci", "ci --prefix:x"],
  ["npm -C x ci", "ci -C:x"],
  ["npm -prefix=x ci", "ci --prefix:x"],
  ["npm --no-audit ci", "ci --no-audit"],
  ["npm --production false install x", "install x --production:false"],
  ["npm ci --omit=dev", "ci --omit:dev"],
  ["npm i -gf x", "i x -g -f"],
  ["npm --frob ci", " ?--frob"],
  ["npm run x -- -y", "run x -y"],
  ["yarn --cwd x install", "install --cwd:x"],
  ["yarn --production --frozen-lockfile", " --production --frozen-lockfile"],
  ["pnpm -C x -r install", "install -C:x -r"],
  ["pnpm --filter=x install", "install --filter:x"],
  ["git -C dir clone --depth 1 u", "clone --depth 1 u -C:dir"],
  ["git --git-dir=x -c a=b --no-pager log -n 1", "log -n 1 --git-dir:x -c:a=b --no-pager"],
  ["git --git-d=x log", " ?--git-d:x"],
  ["apt-get -y -o Dpkg::x=y install a", "install a -y -o:Dpkg::x=y"],
  ["apt-get -qqoA=b install -ta b", "install b -q -q -o:A=b -t:a"],
  ["pip --no-cache-dir install x", "install x --no-cache-dir"],
  ["pip --timeout 9 install -qr a x", "install x --timeout:9 -q -r:a"],
  ["pip install --index https://x y", "install y --index-url:https://x"],
  ["composer -d x install", "install -d:x"],
  ["composer --working-dir=x -n install", "install --working-dir:x -n"],
  ["go -C dir build -o x -ldflags=-w .", "build . -C:dir -o:x -ldflags:-w"],
  ["go build --tags a -ldflags -w .", "build . -tags:a -ldflags:-w"],
  ["go test -frob x", "test x ?-frob"],
  ["conda -q install -yn base x", "install x -q -y -n:base"],
  ["conda install --chan c x", "install x --channel:c"],
  ["micromamba -r /opt install x", "install x -r:/opt"],
  ["dotnet -d build -c Release", "build -d -c:Release"],
  ["mvn -f x -B -Da.b=c -pl m package", "package -f:x -B -D:a.b=c -pl:m"],
  ["mvn --batch -T4 package", "package --batch-mode -T:4"],
  ["mvn -qB package", "package -q -B"],
  ["mvn -frob package", "package -f:rob"],
  ["bundle --retry 3 install -j4", "install --retry:3 -j:4"],
  ["gem --quiet install -v 1 x", "install x --quiet -v:1"],
  ["gem install --no-doc x", "install x --no-document"],
  ["cargo --config a=b --locked build -p x", "build --config:a=b --locked -p:x"],
  ["cargo --lock build", " ?--lock"],
  ["uv --directory x sync", "sync --directory:x"],
  ["poetry -C x install", "install -C:x"],
  ["pdm -c x install", "install -c:x"],
  ["apk --no-ca -X u add x", "add x --no-cache -X:u"],
  ["dnf -y --setopt=cachedir=/x install a", "install a -y --setopt:cachedir=/x"],
  ["zypper -n --no-refr in x", "in x -n --no-refresh"],
  ["curl -fsSLo x https://h", "https://h -f -s -S -L -o:x"],
  ["curl --sil --retry 3 https://h", "https://h --silent --retry:3"],
])("%s", (line, parts) => {
  expect(read(line).replace(/^ /, "")).toBe(parts.replace(/^ /, ""));
});

test.each([
  ["npm --prefix x ci", false],
  ["npm --frob ci", true],
  ["npm --frob=1 ci", true],
  ["npm ci --frob", false],
  ["npm --prefix ci run", true],
  ["yarn --cwd x install", false],
  ["yarn --frob", true],
  ["yarn global --frob add x", true],
  ["git -C x pull", false],
  ["git submodule update --init", false],
  ["git submodule foreach make", true],
  ["git bisect run make", true],
  ["git --frob pull", true],
  ["go -C x build", false],
  ["go -C build run .", true],
  ["mvn -f x package", false],
  ["mvn package -P exec:java", false],
  ["mvn package exec:java", true],
  ["composer -d x install", false],
  ["composer -d install run-script x", true],
  ["cargo --config x build", false],
  ["conda -q install x", false],
  ["dotnet -d restore", false],
  ["bundle --gemfile x install", false],
  ["python -m pip --timeout 9 install x", false],
])("%s runs code that the text does not show: %j", async (run, is) => {
  expect(isOpaque((await stepOf(run)).script!.commands[0]!)).toBe(is);
});

test.each([
  ["dnf install -y --setopt=cachedir=/x a", []],
  ["dnf install -y --setopt=tsflags=nodocs a", ["dnf's metadata and packages"]],
  ["npm --prefix x ci", ["npm's cache"]],
  ["npm --frob ci", []],
  ["npm --cache x ci", []],
  ["pip --no-cache-dir install x", []],
  ["pip install -c limits.txt ./x.whl", []],
  ["go install -tags a@b ./cmd", ["Go's build cache"]],
  ["mvn -Dmaven.repo.local=x package", []],
  ["mvn -D maven.repo.local=x package", []],
  ["mvn -q -f x package", ["Maven's local repository"]],
])("%s leaves %j", async (run, left) => {
  const found = await findingsOf(leftoverCache, { dockerfile: `FROM a\nRUN ${run}\n` });
  expect(found.map(({ message }) => /leaves (.*?) in the image/.exec(message)?.[1])).toEqual(left);
});

test("git -C moves the folder that a clone is made in", async () => {
  const step = await stepOf("git -C /srv clone https://h/b.git");
  expect(created(step.script!.commands[0]!, step).map(({ path }) => path)).toEqual(["/srv/b"]);
});

test("a folder after -d is no archive", async () => {
  const step = await stepOf("unzip -d /opt a.zip");
  expect(unpackings(step.script!.commands[0]!).map(({ path }) => path)).toEqual(["/w/a.zip"]);
});

test("every package manager with verbs says which options may stand before them", () => {
  for (const name of "npm yarn pnpm bun pip pipenv pipx pdm poetry uv conda cargo go composer bundle gem mvn dotnet git".split(
    " ",
  ))
    expect([name, toolNamed(name)?.options?.length ?? 0]).not.toEqual([name, 0]);
});

test("a hostile option of many negations is read without recursion", async () => {
  const { dockerfile } = await subjectOf({ dockerfile: `FROM a\nRUN npm --${"no-".repeat(20_000)}x ci\n` });
  expect(dockerfile!.steps[0]!.script!.commands.some(isOpaque)).toBe(true);
});
