import { describe, expect, test } from "vitest";
import { buildToolsLeft } from "../../../rules/packages/build-tools-left.ts";
import { findingsOf, type SubjectSketch } from "../../support/subject.ts";

const find = (sketch: SubjectSketch) => findingsOf(buildToolsLeft, sketch);
const messages = async (text: string) =>
  (await find({ dockerfile: `FROM base\n${text}` })).map(({ message }) => message);

describe("a compiler that stays", () => {
  test.each([
    [
      "RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev jq && make -C /src",
      "gcc and libc6-dev, builds with them",
    ],
    ["RUN apt-get install -y g++-12=12.2.0\nRUN cmake --build /b", "g++-12, line 3 builds with it"],
    [
      "RUN apk add --no-cache build-base python3-dev\nRUN pip install numpy",
      "build-base and python3-dev, line 3 may build with them",
    ],
    [
      "RUN dnf groupinstall -y 'Development Tools'\nRUN ./configure && make",
      "Development Tools, line 3 builds with it",
    ],
    [
      "RUN yum install -y make gcc-c++ openssl-devel cmake\nRUN npm ci",
      "gcc-c++, make, openssl-devel and 1 more, line 3 may build with them",
    ],
    ["RUN zypper install -y rust\nRUN cargo build --release", "rust, line 3 builds with it"],
    ["RUN apt-get install -y gcc\nRUN python3 -m pip install uwsgi", "gcc, line 3 may build with it"],
  ])("%s", async (text, wanted) => {
    const end = wanted.endsWith("it") ? "it stays" : "they stay";
    expect(await messages(text)).toEqual([`line 2 installs ${wanted}, and ${end} in the image`]);
  });

  test.each([
    [
      "RUN apt-get install -y gcc && make\nRUN apt-get purge -y gcc",
      "gcc, builds with it, and line 3 removes it",
    ],
    [
      "RUN apk add --no-cache --virtual .build gcc musl-dev\nRUN make\nRUN apk del .build",
      "gcc and musl-dev, line 3 builds with them, and line 4 removes such packages",
    ],
  ])("what a later line removes stays in the layer: %s", async (text, wanted) => {
    expect(await messages(text)).toEqual([
      `line 2 installs ${wanted} too late: the bytes stay in the layer of line 2`,
    ]);
  });

  test("a removal in a later RUN is a warning, whatever was built: it saves nothing for certain", async () => {
    for (const [text, message] of [
      [
        "RUN apt-get install -y gcc\nRUN pip install numpy\nRUN apt-get purge -y gcc",
        "line 2 installs gcc, line 3 may build with it, and line 4 removes it too late: the bytes stay in the layer of line 2",
      ],
      [
        "RUN apt-get install -y libpq-dev\nRUN id\nRUN apt-get remove -y libpq-dev",
        "line 2 installs libpq-dev and line 4 removes it too late: the bytes stay in the layer of line 2",
      ],
    ] as const)
      expect(
        (await find({ dockerfile: `FROM base\n${text}\n` })).map((each) => [each.severity, each.message]),
      ).toEqual([[undefined, message]]);
    expect(await messages("RUN apt-get install -y libpq-dev curl\nRUN apt-get remove -y curl")).toEqual([]);
    expect(await messages("RUN apt-get install -y g++ curl\nRUN make\nRUN apt-get purge -y curl")).toEqual([
      "line 2 installs g++, line 3 builds with it, and it stays in the image",
    ]);
    expect(
      await messages(
        "RUN apt-get install -y libpq-dev\nRUN [ -e /x ] && apt-get remove -y libpq-dev || true",
      ),
    ).toEqual([]);
  });

  test("the advice sketches the stage that builds, and the purge of the same manager", async () => {
    const [finding] = await find({
      dockerfile: "FROM fedora:41\nRUN dnf install -y gcc make jq\nRUN make install\n",
    });
    expect(finding?.advice).toContain(
      "FROM fedora:41 AS build, RUN … (lines 2 to 3), FROM fedora:41, COPY --from=build",
    );
    expect(finding?.advice).toContain("&& dnf remove -y gcc make.");
    expect(finding?.fixes).toBeUndefined();
  });

  test.each([
    ["a library that a program needs stays", "RUN make", "&& apt-get purge -y --auto-remove gcc make."],
    [
      "the packages of the later removal are named, no others",
      "RUN make\nRUN apt-get purge -y make",
      "&& apt-get purge -y --auto-remove make.",
    ],
    [
      "headers that the later RUN removes, too",
      "RUN make\nRUN apt-get purge -y gcc libpq-dev",
      "&& apt-get purge -y --auto-remove gcc libpq-dev.",
    ],
  ])("in the advice, %s", async (_, runs, purge) => {
    const [finding] = await find({
      dockerfile: `FROM debian:12\nRUN apt-get install -y gcc make libpq-dev\n${runs}\n`,
    });
    expect(finding?.advice).toContain(purge);
  });
});

test("an installer only may build: that fails no gate, and a build that is certain is named before it", async () => {
  const install = "FROM debian:12\nRUN apt-get install -y gcc\nRUN pip install flask\n";
  expect(await find({ dockerfile: install })).toMatchObject([
    { severity: "info", message: "line 2 installs gcc, line 3 may build with it, and it stays in the image" },
  ]);
  const [both] = await find({ dockerfile: `${install}RUN make -C /src\n` });
  expect(both?.severity).toBeUndefined();
  expect(both?.message).toContain("line 4 builds with it");
});

describe("nothing is said", () => {
  test.each([
    [
      "when pip only brings itself up to date, for which nothing is compiled",
      "RUN apt-get install -y build-essential\nRUN pip install --upgrade pip setuptools wheel",
    ],
    ["when pip does so as a module", "RUN apt-get install -y gcc\nRUN python3 -m pip install -U pip"],
    ["when the RUN removes them", "RUN apt-get install -y gcc && make && apt-get purge -y --auto-remove gcc"],
    ["when the RUN removes a group", "RUN apk add --no-cache -t .deps build-base && make && apk del .deps"],
    ["when nothing is built: the image brings the compiler", "RUN apt-get install -y build-essential"],
    [
      "in an image for tests",
      "RUN apt-get install -y gcc\nFROM base AS test\nRUN apt-get install -y gcc && make",
    ],
    ["when the build came before", "RUN make\nRUN apt-get install -y gcc"],
    ["without a compiler", "RUN apt-get install -y libpq-dev make\nRUN make"],
    ["when a condition decides", "RUN if [ $X ]; then apt-get install -y gcc; fi\nRUN make"],
    ["in a builder stage", "RUN apt-get install -y gcc\nRUN make\nFROM scratch\nCOPY --from=0 /x /x"],
    ["when it is only simulated", "RUN apt-get install -s gcc\nRUN make"],
    ["when it goes elsewhere", "RUN dnf install -y --installroot /mnt gcc\nRUN make"],
    [
      "about names that only contain one",
      "RUN apt-get install -y gcc-doc libgcc-s1 golang-docker-credential-helpers\nRUN make",
    ],
  ])("%s", async (_, text) => {
    expect(await messages(`${text}\n`)).toEqual([]);
  });
});

describe("with the layers at hand", () => {
  const dockerfile = "FROM base\nRUN apt-get install -y gcc\nRUN make\n";

  test("the bytes are those of compilers, headers and static libraries that are still there", async () => {
    const [finding] = await find({
      dockerfile,
      layers: [
        "usr/ usr/bin/ usr/bin/gcc-12(1MB) usr/bin/x86_64-linux-gnu-ld(2MB) usr/bin/jq(5MB) usr/lib/ usr/lib/gcc/ usr/lib/gcc/x/ usr/lib/gcc/x/cc1(30MB) usr/include/ usr/include/a.h(4MB) usr/lib/x86_64-linux-gnu/ usr/lib/x86_64-linux-gnu/libc.a(6MB)",
        "usr/ usr/include/ usr/include/.wh.a.h",
      ],
    });
    expect(finding).toMatchObject({
      message: "line 2 installs gcc, line 3 builds with it, and it stays in the image: 39.0 MB",
      bytes: 39_000_000,
      evidence: "both",
    });
    expect(finding?.inodes).toHaveLength(4);
  });

  test("none of them is there", async () => {
    expect(await find({ dockerfile, layers: ["usr/ usr/bin/ usr/bin/jq(5MB)", "x(1)"] })).toEqual([]);
  });
});

test.each([
  "--virtual .build gcc musl-dev",
  "-t .build gcc",
  "--virtual=.build gcc",
  "gcc --no-cache -t .build",
])(
  "apk add %s is removed by the name of the virtual package: apk keeps what that still needs",
  async (words) => {
    const dockerfile = `FROM alpine\nRUN apk add ${words}\nRUN pip install a\nRUN apk del .build\n`;
    expect((await find({ dockerfile }))[0]?.advice).toMatch(/ … && apk del \.build\.$/);
  },
);
