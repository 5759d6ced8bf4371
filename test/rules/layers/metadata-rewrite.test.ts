import { expect, test } from "vitest";
import { metadataRewrite } from "../../../rules/layers/metadata-rewrite.ts";
import { findingsOf, type SubjectSketch } from "../../support/subject.ts";

const find = (sketch: SubjectSketch) => findingsOf(metadataRewrite, sketch);

test("one chown over files of three layers is one finding with three sources", async () => {
  const dockerfile =
    "FROM a\nCOPY one /srv/one\nCOPY two /srv/two\nRUN make three\nRUN chown -R 33:33 /srv\n";
  const layers = [
    "srv/ srv/one(1MB,a)",
    "srv/ srv/two(2MB,b)",
    "srv/ srv/three(3MB,c)",
    "srv/ srv/one(1MB,a,uid=33,gid=33) srv/two(2MB,b,uid=33,gid=33) srv/three(3MB,c,uid=33,gid=33)",
  ];
  const found = await findingsOf(metadataRewrite, { dockerfile, layers });
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ bytes: 6_000_000, evidence: "both" });
  expect(found[0]!.message).toMatch(
    /^line 5 changes only the owner \(0:0→33:33\) of 6\.0 MB in 3 files that lines 2, 3 and 4 added/,
  );
  expect(found[0]!.locations.map(({ layer, label }) => `${layer} ${label}`)).toEqual([
    "3 changed here",
    "0 added here",
    "1 added here",
    "2 added here",
  ]);
  expect(found[0]!.inodes).toHaveLength(3);
});

test("a chown of files that the build context shows to be small is info", async () => {
  const dockerfile = "FROM a\nCOPY conf /srv/conf\nRUN chown -R 33:33 /srv/conf\n";
  const severityWith = async (size: number) =>
    (await findingsOf(metadataRewrite, { dockerfile, context: { files: { "conf/a": size } } })).map(
      ({ severity = "warning" }) => severity,
    );
  expect(await severityWith(900)).toEqual(["info"]);
  expect(await severityWith(100_000)).toEqual(["warning"]);
  const [unknown] = await findingsOf(metadataRewrite, { dockerfile });
  expect(unknown?.severity).toBeUndefined();
});

test("chown -R after COPY names the owner and the flag that avoids it", async () => {
  const [finding, ...others] = await find({
    dockerfile: "FROM a\nCOPY . /srv\nRUN chown -R 33:33 /srv\n",
    layers: [
      "srv/ srv/a(1MB,a) srv/b(2MB,b)",
      "srv/[uid=33,gid=33] srv/a(1MB,a,uid=33,gid=33) srv/b(2MB,b,uid=33,gid=33)",
    ],
  });
  expect(others).toEqual([]);
  expect(finding).toMatchObject({
    message:
      "line 3 changes only the owner (0:0→33:33) of 3.0 MB in 2 files that line 2 added (/srv/b and 1 more): each is stored twice",
    bytes: 3_000_000,
    evidence: "both",
    locations: [{ layer: 1 }, { layer: 0 }],
    fixes: [{ safety: "safe", bytes: 3_000_000 }, { operation: "drop-dead" }],
  });
  expect(finding?.advice).toBe("Set it in line 2: COPY --chown=33:33.");
});

test("mode and owner together give both flags, and no value where the ends differ", async () => {
  const [finding] = await find({
    dockerfile: "FROM a\nCOPY . /\nRUN fix\n",
    layers: ["a(1MB,a,0644) b(1MB,b,0600)", "a(1MB,a,mode=0755,uid=7) b(1MB,b,mode=0700,uid=7)"],
  });
  expect(finding?.message).toContain("the mode (0600→0700, 0644→0755) and the owner (0:0→7:0)");
  expect(finding?.advice).toContain("COPY --chown=7:0 --chmod=MODE");
});

test("after a RUN the change belongs into that RUN", async () => {
  const [finding] = await find({
    dockerfile: "FROM a\nRUN make\nRUN chmod 755 /f\n",
    layers: ["f(1MB,h,0644)", "f(1MB,h,0755)"],
  });
  expect(finding?.advice).toContain("in the RUN that creates the files (line 2)");
});

test("extended attributes are named", async () => {
  const [finding] = await find({
    dockerfile: "FROM a\nRUN make\nRUN setcap cap_net_raw+ep /f\n",
    layers: ["f(1MB,h)", "f(1MB,h,xattr.security.capability=x)"],
  });
  expect(finding?.message).toContain("changes only extended attributes of 1.0 MB");
});

test("files of the base image count with the new copies, which are avoidable", async () => {
  const [finding] = await find({
    dockerfile: "FROM a\nRUN chmod -R g+w /usr\n",
    layers: ["usr/ usr/f(2MB,h,0644)", "usr/ usr/f(2MB,h,0664)"],
    base: 1,
  });
  expect(finding).toMatchObject({
    message:
      "line 2 changes only the mode (0644→0664) of 2.0 MB in 1 file of the base image (/usr/f), and so stores a new copy of it",
    bytes: 2_000_000,
  });
  expect(finding?.severity).toBeUndefined();
  expect(finding?.inodes?.map(({ layer }) => layer)).toEqual([1]);
  expect(finding?.fixes).toBeUndefined();
});

test("a change of time alone is told apart from others of the same pair", async () => {
  const findings = await find({
    dockerfile: "FROM a\nRUN make\nRUN make again\n",
    layers: ["f(1MB,f) g(2MB,g,0644)", "f(1MB,f,mtime=9) g(2MB,g,mode=0600,mtime=9)"],
  });
  expect(findings.map(({ message }) => message)).toEqual([
    "line 3 changes only the mode (0644→0600) of 2.0 MB in 1 file that line 2 added (/g): it is stored twice",
    "line 3 writes 1.0 MB in 1 file again that line 2 added (/f): same content, only the time differs",
  ]);
});

test("what a package manager writes again, or an upgrade, is not called a touch", async () => {
  const advice = async (path: string) => {
    const [finding] = await find({
      dockerfile: "FROM a\nRUN apt-get upgrade\n",
      layers: [`${path}(2MB,f)`, `${path}(2MB,f,mtime=9)`],
      base: 1,
    });
    expect(finding?.message).toContain("2.0 MB in 1 file again that the base image already has");
    return finding?.advice;
  };
  expect(await advice("var/lib/apt/extended_states")).toContain("how package managers work");
  expect(await advice("usr/lib/x.so")).toContain("base contains");
});

test("extended attributes cannot be set by COPY, but COPY --from keeps them", async () => {
  const [finding] = await find({
    dockerfile: "FROM a\nCOPY x /x\nRUN setcap cap_net_raw+ep /x\n",
    layers: ["x(2MB,f)", "x(2MB,f,xattr.security.capability=y)"],
  });
  expect(finding?.message).toContain("changes only extended attributes of 2.0 MB in 1 file");
  expect(finding?.advice).toContain("COPY --from");
  expect(finding?.advice).not.toContain("--chown");
});

test("a time that differs by nanoseconds is a difference too", async () => {
  const [finding] = await find({
    dockerfile: "FROM a\nRUN make\nRUN touch\n",
    layers: ["f(1MB,f,mtime=9)", "f(1MB,f,mtime=9.5)"],
  });
  expect(finding?.message).toContain("only the time differs");
});

test("a script of a few kilobytes that becomes executable fails no gate", async () => {
  const [finding] = await find({
    dockerfile: "FROM a\nCOPY run.sh /run.sh\nRUN chmod +x /run.sh\n",
    layers: ["run.sh(2kB,h,0644)", "run.sh(2kB,h,0755)"],
  });
  expect(finding?.severity).toBe("info");
});

test("it is silent about equal copies, other content, and directories", async () => {
  expect(
    await find({
      dockerfile: "FROM a\nRUN make\nRUN two\n",
      layers: ["d/ f(1MB,f) g(1MB,g,0644)", "d/[0700] f(1MB,f) g(1MB,other,0600)"],
    }),
  ).toEqual([]);
});

test("what the layers prove is not predicted as well where the line is a guess", async () => {
  const chown = "RUN chown -R 1000:1000 /app\n";
  const findings = await findingsOf(metadataRewrite, {
    dockerfile: `FROM a\nCOPY . /app\n${chown}RUN true\n${chown}`,
    builtFrom: `FROM a\nCOPY . /app\n${chown}RUN true\n`,
    layers: ["app/ app/a(5000000,code)", "app/ app/a(5000000,code,uid=1000,gid=1000)", ""],
  });
  expect(findings.map(({ evidence, bytes }) => [evidence, bytes])).toEqual([["both", 5_000_000]]);
});

test("a user that is created below the COPY is advised to be created above it: builders refuse an unknown name", async () => {
  const adviceFor = async (lines: string) =>
    (await find({ dockerfile: `FROM debian:12\n${lines}\n` })).map(({ advice }) => advice);
  expect(await adviceFor("COPY . /code\nRUN adduser --system app && chown -R app /code")).toEqual([
    "Set it in line 2: COPY --chown=app:0. The user and the group must exist by then: create them above line 2.",
  ]);
  expect(await adviceFor("RUN adduser --system app\nCOPY . /code\nRUN chown -R app /code")).toEqual([
    "Set it in line 3: COPY --chown=app:0.",
  ]);
});
