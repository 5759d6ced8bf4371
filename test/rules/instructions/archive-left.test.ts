import { describe, expect, test } from "vitest";
import { leftoverCache } from "../../../rules/caches/leftover-cache.ts";
import { archiveLeft } from "../../../rules/instructions/archive-left.ts";
import { checkFixes, fixWith, safetyOf } from "../../support/fixes.ts";
import { findingsOf, type SubjectSketch } from "../../support/subject.ts";

const from = "FROM debian:12\n";
const find = (sketch: SubjectSketch) => findingsOf(archiveLeft, sketch);
const messages = async (run: string) =>
  (await find({ dockerfile: from + run })).map(({ message }) => message);

describe("an archive that is downloaded, unpacked and left", () => {
  test.each([
    ["curl -o /srv/a.tar.gz https://example.org/a && tar xzf /srv/a.tar.gz", "/srv/a.tar.gz"],
    ["cd /srv && wget -q https://example.org/b.zip && unzip -q b.zip -d /opt", "/srv/b.zip"],
    ["curl -L https://example.org/a > /srv/c.tbz && tar --extract --file /srv/c.tbz -C /opt", "/srv/c.tbz"],
    ["wget -O /srv/d.deb https://example.org/d && dpkg -i /srv/d.deb", "/srv/d.deb"],
    ["curl -o /srv/e.rpm https://example.org/e && rpm -ivh /srv/e.rpm", "/srv/e.rpm"],
    ["curl -o /srv/f.deb https://example.org/f && apt-get install -y /srv/f.deb", "/srv/f.deb"],
    ["curl -o /srv/g.7z https://example.org/g && 7z x /srv/g.7z", "/srv/g.7z"],
    ["curl -o /srv/h https://example.org/h && tar -C /opt -xf /srv/h", "/srv/h"],
  ])("%s", async (command, path) => {
    expect(await messages(`RUN ${command}\n`)).toEqual([
      `line 2 unpacks ${path} and leaves the archive in the image`,
    ]);
    const dockerfile = `${from}RUN ${command}\n`;
    await checkFixes(archiveLeft, { dockerfile });
    expect(await fixWith(archiveLeft, { dockerfile })).toBe(`${from}RUN ${command} && rm ${path}\n`);
  });

  const made = "curl -o /srv/a.tgz https://example.org/a && tar -xf /srv/a.tgz -C /opt";
  test.each([
    ["when the RUN removes it", `RUN ${made} && rm -f /srv/a.tgz\n`],
    ["when the RUN may remove it", `RUN ${made} && rm -f $FILES\n`],
    ["when the RUN removes its folder", `RUN ${made} && rm -rf /srv\n`],
    ["when it is moved", `RUN ${made} && mv /srv/a.tgz /opt/\n`],
    ["when a trap removes it", `RUN trap 'rm /srv/a.tgz' EXIT; ${made}\n`],
    ["when a later RUN deletes it: that is another smell", `RUN ${made}\nRUN rm /srv/a.tgz\n`],
    ["when a later instruction wants it", `RUN ${made}\nRUN sha256sum /srv/a.tgz\n`],
    ["when it is only downloaded", "RUN curl -o /srv/a.tgz https://example.org/a\n"],
    ["when it is only listed", "RUN curl -o /srv/a.tgz https://example.org/a && tar -tf /srv/a.tgz\n"],
    ["when another one is unpacked", "RUN curl -o /srv/a.tgz https://example.org/a && tar -xf /srv/b.tgz\n"],
    [
      "when it may not be downloaded",
      "RUN id || curl -o /srv/a.tgz https://h/a; tar -xf /srv/a.tgz -C /opt\n",
    ],
    ["when the script is not understood", `RUN ${made} && x 'y\n`],
    ["on a mount whose place is not known", `ARG T\nRUN --mount=type=cache,target=$T ${made}\n`],
    ["when a condition decides", `RUN if [ -n "$X" ]; then ${made}; fi\n`],
    ["when it goes through a pipe", "RUN curl https://example.org/a | tar -x -C /opt\n"],
    ["on a mount", `RUN --mount=type=cache,target=/srv ${made}\n`],
    ["in a builder stage", `RUN ${made}\nFROM debian:12\nCOPY --from=0 /opt /opt\n`],
    ["for a shell that is not POSIX", `SHELL ["pwsh", "-c"]\nRUN ${made}\n`],
  ])("nothing is said %s", async (_, run) => {
    expect(await messages(run)).toEqual([]);
  });
});

test.each([
  [
    "with an rm before the download",
    `rm -f /srv/a.tgz && curl -o /srv/a.tgz https://h/a && tar -xf /srv/a.tgz`,
  ],
  [
    "with a mount of something else",
    `--mount=type=cache,target=/c curl -o /srv/a.tgz https://h/a && tar -xf /srv/a.tgz`,
  ],
  ["with a secret", `--mount=type=secret,id=x curl -o /srv/a.tgz https://h/a && tar -xf /srv/a.tgz`],
])("it is found %s", async (_, run) => {
  expect(await messages(`RUN ${run} -C /opt\n`)).toEqual([
    "line 2 unpacks /srv/a.tgz and leaves the archive in the image",
  ]);
});

test("a volume of something else does not matter", async () => {
  const made = "RUN curl -o /srv/a.tgz https://h/a && tar -xf /srv/a.tgz -C /opt\n";
  expect(await safetyOf(archiveLeft, { dockerfile: `${from}VOLUME /data\n${made}` })).toBe("safe");
});

test("a plain program that the container starts does not matter", async () => {
  const base = "RUN curl -o /srv/a.tgz https://h/a && tar -xf /srv/a.tgz -C /opt\n";
  const start = 'HEALTHCHECK NONE\nENTRYPOINT ["sh", "-c", "exec nginx -g off"]\nCMD sleep 5; id\n';
  expect(await safetyOf(archiveLeft, { dockerfile: `${from}${base}${start}` })).toBe("safe");
});

describe("one failed condition makes the rm unsafe", () => {
  const made = "RUN curl -o /srv/a.tgz https://example.org/a && tar -xf /srv/a.tgz -C /opt";
  test.each([
    ["list safety", `${made}\n`.replace("RUN ", "RUN x; "), /without set -e/],
    [
      "a program of the container that nobody knows",
      `${made}\nCMD ["./server"]\n`,
      /the CMD of line 3 starts/,
    ],
    ["a script of the container", `${made}\nENTRYPOINT exec /init.sh\n`, /the ENTRYPOINT of line 3 starts/],
    [
      "a health check",
      `${made}\nHEALTHCHECK --interval=5s CMD python x.py\n`,
      /the HEALTHCHECK of line 3 starts/,
    ],
    ["list safety: a pipeline at the end", `${made} && ls | wc -l\n`, /simple command/],
    [
      "a literal path",
      "ARG V=1\nRUN cd /srv && wget https://example.org/a-$V.tgz && tar -xf a-$V.tgz\n",
      /contains a variable: a-\$V\.tgz/,
    ],
    ["no later instruction: a script", `${made}\nRUN /build/setup\n`, /line 3 may use the archive/],
    ["no ENTRYPOINT", `${made}\nENTRYPOINT ["tar", "-tf", "/srv/a.tgz"]\n`, /line 3 \(ENTRYPOINT\) names/],
    ["no ENV", `${made}\nENV ARCHIVE=/srv/a.tgz\n`, /line 3 \(ENV\) names/],
    ["no VOLUME", `VOLUME /srv\n${made}\n`, /VOLUME/],
  ])("%s", async (_, run, condition) => {
    const dockerfile = from + run;
    await checkFixes(archiveLeft, { dockerfile });
    expect(await safetyOf(archiveLeft, { dockerfile })).toMatch(condition);
    expect(await fixWith(archiveLeft, { dockerfile })).toBe(dockerfile);
    expect(await fixWith(archiveLeft, { dockerfile }, true)).not.toBe(dockerfile);
  });

  test("no COPY --from", async () => {
    const dockerfile = `FROM debian:12 AS one\n${made}\nFROM scratch AS two\nCOPY --from=one /srv /srv\nFROM one\n`;
    expect(await safetyOf(archiveLeft, { dockerfile })).toMatch(/line 4 copies it to another stage/);
    expect(await safetyOf(archiveLeft, { dockerfile: dockerfile.replace("/srv /srv", "/opt /opt") })).toBe(
      "safe",
    );
  });

  test("a name with a variable is written as it was", async () => {
    const dockerfile =
      "FROM debian:12\nARG V=1\nWORKDIR /srv\nRUN wget https://example.org/a-${V}.tgz && tar -xf a-${V}.tgz\n";
    expect(await fixWith(archiveLeft, { dockerfile }, true)).toBe(
      dockerfile.replace("tar -xf a-${V}.tgz", "tar -xf a-${V}.tgz && rm a-${V}.tgz"),
    );
  });
});

describe("with the layers at hand", () => {
  const dockerfile = `${from}RUN curl -o /tmp/a.tgz https://example.org/a && tar -xf /tmp/a.tgz -C /opt\n`;

  test("its bytes are known, and it is one finding", async () => {
    const sketch = { dockerfile, layers: ["tmp/ tmp/a.tgz(7MB) tmp/other(1MB) opt/ opt/a(9MB)"] };
    const [finding, ...others] = await find(sketch);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      bytes: 7_000_000,
      evidence: "both",
      fixes: [{ safety: "safe", bytes: 7_000_000 }],
    });
    const leftovers = await findingsOf(leftoverCache, sketch);
    expect(leftovers.map(({ bytes }) => bytes)).toEqual([1_000_000]);
  });

  test("an image of another Dockerfile says nothing about it", async () => {
    expect(
      await find({ dockerfile, builtFrom: "FROM x\nRUN other\n", layers: ["tmp/ tmp/a.tgz(7MB)"] }),
    ).toEqual([]);
  });

  test("the archive is not in the layer", async () => {
    expect(await find({ dockerfile, layers: ["opt/ opt/a(9MB)"] })).toEqual([]);
  });

  test("a small one fails nothing", async () => {
    const [finding] = await find({ dockerfile, layers: ["tmp/ tmp/a.tgz(7kB)"] });
    expect(finding?.severity).toBe("info");
  });
});

describe("nothing is said of an archive that is not left", () => {
  const made = "RUN curl -o /root/a.tgz https://example.org/a && tar -xf /root/a.tgz -C /opt\n";

  test("because a later RUN deletes it in its home", async () => {
    expect(await messages(`USER root\nENV HOME=/root\n${made}RUN rm ~/b.tgz\n`)).toHaveLength(1);
    expect(await messages(`USER root\nENV HOME=/root\n${made}RUN rm ~/a.tgz\n`)).toEqual([]);
  });

  test("because it was there before, and only copied", async () => {
    expect(await messages("RUN cp /x/a.tgz /srv/a.tgz && tar -xf /srv/a.tgz -C /opt\n")).toEqual([]);
  });

  test("because its layer has something else there", async () => {
    const dockerfile = `${from}${made}RUN useradd x\n`;
    const layers = (first: string, second: string) => find({ dockerfile, layers: [first, second] });
    expect(await layers("root/ root/a.tgz(7MB)", "b(1)")).toHaveLength(1);
    expect(await layers("root/ root/a.tgz→b", "b(1)")).toEqual([]);
    expect(await layers("root/ root/a.tgz(7MB)", "root/ root/a.tgz(6MB)")).toEqual([]);
  });
});

test("one volume of several is enough for a condition", async () => {
  const made = "RUN curl -o /srv/a.tgz https://h/a && tar -xf /srv/a.tgz -C /opt\n";
  for (const volume of ['["/data", "/srv"]', "/data /srv"])
    expect(await safetyOf(archiveLeft, { dockerfile: `${from}VOLUME ${volume}\n${made}` })).toMatch(/VOLUME/);
});
