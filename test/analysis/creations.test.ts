import { expect, test } from "vitest";
import { copied, copiedFiles, copyTargets, created } from "../../src/analysis/steps/creations.ts";
import { mightTake, removed } from "../../src/analysis/steps/removals.ts";
import { subjectOf } from "../support/subject.ts";

async function stepOf(instruction: string, head = "WORKDIR /w\n") {
  const subject = await subjectOf({ dockerfile: `FROM a\n${head}${instruction}\n` });
  return subject.dockerfile!.steps.at(-1)!;
}

async function copyOf(instruction: string) {
  const step = await stepOf(instruction);
  if (step.keyword !== "COPY" && step.keyword !== "ADD") throw new Error(`${step.keyword} copies nothing`);
  return step;
}

test.each([
  ["curl https://h/b > c", ["/w/c"]],
  ["curl https://h/b >> c", ["/w/c"]],
  ["curl https://h/b 1> c", ["/w/c"]],
  ["curl https://h/b >| c", ["/w/c"]],
  ["curl https://h/b 2> c", []],
  ["curl https://h/b > c*", []],
  ["curl https://h/b > /dev/null", []],
  ["curl -o - https://h/b", []],
  ["curl -o $F https://h/b", []],
  ["curl -o a -o b https://h/a https://h/b", ["/w/a", "/w/b"]],
  ["wget https://h", []],
  ["wget h/b", ["/w/b"]],
  ["wget https://h/b/", []],
  ["wget https://h/$X", []],
  ["wget https://h/b#c", ["/w/b"]],
  ["wget -P $D https://h/b", []],
  ["ls | xargs wget https://h/b", []],
  ["find . -exec wget https://h/b +", []],
  ["git clone $URL", []],
  ["git clone $URL x", ["/w/x"]],
  ["git -C /x clone https://h/b", ["/x/b"]],
])("%s creates %j", async (run, paths) => {
  const step = await stepOf(`RUN ${run}`);
  expect(created(step.script!.commands.at(-1)!, step).map(({ path }) => path)).toEqual(paths);
});

test.each([
  ["COPY a.sh /x", ["tree /x"]],
  ["COPY a.sh /x/", ["dir /x", "file /x/a.sh"]],
  ["COPY a.sh b /x", ["dir /x", "file /x/a.sh"]],
  ["COPY a.sh .", ["dir /w", "file /w/a.sh"]],
  ["COPY a.sh /tmp", ["tree /tmp", "file /tmp/a.sh"]],
  ["COPY a.sh /", []],
  ["COPY a.sh $X", []],
  ["COPY --parents b/a.sh /x/", ["dir /x"]],
  ["COPY <<E /x/a.sh\nb\nE", []],
  ["COPY a*.sh /x/", ["dir /x"]],
  ["ADD a.tar.gz /x/", ["dir /x"]],
  ["ADD a.tbz /x/", ["dir /x"]],
  ["ADD a.tbz2 /x/", ["dir /x"]],
  ["COPY a.tbz /x/", ["dir /x", "file /x/a.tbz"]],
  ["ADD a.gz.sh /x/", ["dir /x", "file /x/a.gz.sh"]],
  ["COPY a.tar.gz /x/", ["dir /x", "file /x/a.tar.gz"]],
  ["ADD https://h/b/a?x /x/", ["dir /x"]],
  ["ADD https://h/b.git /x/", ["dir /x"]],
  ["ADD https://h/b/a /x/", ["dir /x", "file /x/a"]],
  ["ADD ftp://h/b/a /x/", ["dir /x", "file /x/a"]],
  ["ADD x/https://h/a /x/", ["dir /x"]],
  ["COPY https://h/a /x/", ["dir /x"]],
])("%j certainly makes %j", async (instruction, wanted) => {
  expect(copied(await copyOf(instruction)).map(({ kind, path }) => `${kind} ${path}`)).toEqual(wanted);
});

test.each([
  ["COPY a.sh b.sh /x", ["/x/a.sh", "/x/b.sh"]],
  ["COPY a.sh /x/", ["/x/a.sh"]],
  ["COPY a.sh /tmp", ["/tmp/a.sh"]],
  ["COPY a.sh /x", ["/x"]],
  ["COPY src /x/", ["/x"]],
  ["COPY a.sh src /x/", ["/x"]],
  ["COPY $A /x/", ["/x"]],
  ["COPY --parents a.sh /x/", ["/x"]],
  ["COPY --exclude=y a.sh /x/", ["/x"]],
  ["COPY <<E a.sh /x/\nb\nE", ["/x"]],
  ["COPY <<a.sh /x/\nb\na.sh", ["/x"]],
  ["COPY a.sh $X", undefined],
])("%j may write to %j", async (instruction, wanted) => {
  expect(copyTargets(await copyOf(instruction))).toEqual(wanted);
});

test.each([
  ["COPY ./b/a.sh /x/", ["b/a.sh → /x/a.sh"]],
  ["COPY .//.///a.sh /x/", ["a.sh → /x/a.sh"]],
  ["COPY /b/a.sh /x.sh", ["b/a.sh → /x.sh"]],
  ["COPY a.sh .", ["a.sh → /w/a.sh"]],
  ["COPY a.sh /opt", ["a.sh → /opt/a.sh"]],
  ["COPY a.sh b.sh /x", ["a.sh → /x/a.sh", "b.sh → /x/b.sh"]],
  ["COPY a.sh /x", undefined],
  ["COPY a.sh src /x/", undefined],
  ["COPY <<E /x/\nb\nE", undefined],
  ["COPY <<a.sh /x/\nb\na.sh", undefined],
  ["ADD http://h/a.sh?x /x/", undefined],
  ["ADD http://h/a /x/", ["http://h/a → /x/a"]],
  ["COPY b/./a.sh /x/", ["b/./a.sh → /x/a.sh"]],
])("%j copies the files %j", async (instruction, wanted) => {
  const files = copiedFiles(await copyOf(instruction));
  expect(files?.map(({ source, target }) => `${source} → ${target}`)).toEqual(wanted);
});

test.each([
  ["rm a", ["deletes /w/a"]],
  ["rm -r a", ["deletes all of /w/a"]],
  ["rm -R a", ["deletes all of /w/a"]],
  ["rm --recursive a", ["deletes all of /w/a"]],
  ["rm -f a b", ["deletes /w/a", "deletes /w/b"]],
  ["rm /x/*", ["deletes /x/*"]],
  ["rm -rf /x/*", ["deletes all of /x/*"]],
  ["rm '/x/*'", ["deletes /x/*: a name"]],
  ["rm /x*", []],
  ["rm /x*/*", []],
  ["rm -rf /*", []],
  ["rm -rf /", []],
  ["rm -rf $X", []],
  ["rm -rf ~/x", ["deletes all of /root/x"]],
  ["mv a b", ["moves all of /w/a"]],
  ["mv -f a b", ["moves all of /w/a"]],
  ["mv --verbose --force a b", ["moves all of /w/a"]],
  ["mv -n a b", []],
  ["mv -t /x a", []],
  ["mv a b c", []],
  ["mv a* b", []],
  ["mv / b", []],
  ["mv $X b", []],
  ["ls | xargs rm a", []],
  ["find . -exec rm a +", []],
])("%s: %j", async (run, wanted) => {
  const step = await stepOf(`RUN ${run}`);
  const found = removed(step.script!.commands.at(-1)!, step);
  expect(
    found.map(({ verb, path, recursive, contentsOnly }) => {
      const name = path.endsWith("*") ? ": a name" : "";
      return `${verb} ${recursive ? "all of " : ""}${path}${contentsOnly ? "/*" : ""}${name}`;
    }),
  ).toEqual(wanted);
});

test.each([
  ["rm /srv/a", true],
  ["rm -rf /srv", true],
  ["rm -rf /srv/a/b", true],
  ["rm -rf /other", false],
  ["rm -rf $X", true],
  ["rm *", true],
  ["rm /srv/a*", true],
  ["rm /srv/*.abc", true],
  ["rm /other/*.abc", false],
  ["rm '/srv/*.abc'", false],
  ["mv /srv/a /b", true],
  ["unlink /srv/a", true],
  ["rmdir /srv", true],
  ["ls | xargs rm", true],
  ["find /srv -name a -exec rm {} +", true],
  ["find /srv -delete", true],
  ["find /srv -name a", false],
  ["find $X -name a", true],
  ["trap 'rm /srv/a' EXIT", true],
  ["$X", true],
  ["cat /srv/a", false],
])("%s may take /srv/a away: %s", async (run, may) => {
  const step = await stepOf(`RUN ${run}`);
  const creation = { path: "/srv/a", kind: "file" } as const;
  expect(step.script!.commands.some((command) => mightTake(command, creation))).toBe(may);
});

test("a relative rm may take anything away where the working directory is not known", async () => {
  const step = await stepOf("RUN rm a", "");
  const [command] = step.script!.commands;
  expect(mightTake(command!, { path: "/srv/b", kind: "file" })).toBe(true);
  const [other] = (await stepOf("RUN rm -rf /other", "")).script!.commands;
  expect(mightTake(other!, { path: "/srv/b", kind: "file" })).toBe(false);
});
