import { describe, expect, test } from "vitest";
import { deletedLater } from "../../rules/layers/deleted-later.ts";
import { findingsOf } from "../support/subject.ts";

const predict = async (...lines: string[]) =>
  (await findingsOf(deletedLater, { dockerfile: ["FROM debian:12", ...lines, ""].join("\n") })).map(
    (finding) => finding.message,
  );

describe("the severity follows the bytes", () => {
  const copied = "FROM debian:12\nCOPY tools/setup /tmp/setup\nRUN /tmp/setup && rm -f /tmp/setup\n";
  const found = async (dockerfile: string, files?: Record<string, number>) =>
    (
      await findingsOf(deletedLater, {
        dockerfile,
        ...(files === undefined ? {} : { context: { files } }),
      })
    ).map(({ severity = "warning", message }) => `${severity} ${message}`);

  test("a file of 29 bytes is info: the build context shows its size", async () => {
    expect(await found(copied, { "tools/setup": 29 })).toEqual([
      "info line 3 deletes /tmp/setup (29 B), but line 2 added it: the bytes stay in the layer of line 2",
    ]);
    expect(await found(copied, { "tools/setup": 100_000 })).toEqual([
      expect.stringMatching(/^warning line 3 deletes \/tmp\/setup \(100\.0 kB\)/),
    ]);
  });

  test("of one file among several, its own bytes count", async () => {
    const dockerfile = "FROM debian:12\nCOPY a.deb b.deb /tmp/\nRUN dpkg -i /tmp/b.deb && rm /tmp/b.deb\n";
    expect(await found(dockerfile, { "a.deb": 9_000_000, "b.deb": 900 })).toEqual([
      expect.stringMatching(/^info .*\(900 B\)/),
    ]);
  });

  test("without the files in the context, it is unknown", async () => {
    for (const files of [undefined, {}, { other: 1 }])
      expect(await found(copied, files)).toEqual([
        expect.stringMatching(/^warning line 3 deletes \/tmp\/setup, /),
      ]);
  });

  test("a script is small by its name, an archive or a key is not", async () => {
    const ofName = (name: string) =>
      found(`FROM debian:12\nCOPY ${name} /tmp/${name}\nRUN id && rm /tmp/${name}\n`);
    for (const name of ["setup.sh", "fix.patch", "requirements.txt", "apt.list"])
      expect(await ofName(name), name).toEqual([expect.stringMatching(/^info /)]);
    for (const name of ["app.tar.gz", "app.jar", "dump.sql", "signing.key", "secrets.yml"])
      expect(await ofName(name), name).toEqual([expect.stringMatching(/^warning /)]);
  });

  test("a small key is a warning all the same: it stays readable", async () => {
    const dockerfile = "FROM debian:12\nCOPY id_rsa /tmp/id_rsa\nRUN id && rm /tmp/id_rsa\n";
    expect(await found(dockerfile, { id_rsa: 1700 })).toEqual([expect.stringMatching(/^warning /)]);
  });
});

describe("deletions that the Dockerfile alone shows", () => {
  test("a copied directory that a RUN deletes", async () => {
    expect(await predict("COPY src /build/src", "RUN make -C /build/src && rm -rf /build")).toEqual([
      "line 3 deletes /build/src, but line 2 added it: the bytes stay in the layer of line 2",
    ]);
  });

  test("a copied package below a directory that every image has", async () => {
    expect(await predict("COPY pkg.deb /tmp", "RUN dpkg -i /tmp/pkg.deb && rm -f /tmp/pkg.deb")).toEqual([
      "line 3 deletes /tmp/pkg.deb, but line 2 added it: the bytes stay in the layer of line 2",
    ]);
  });

  test("several copied packages that a glob takes are one finding", async () => {
    const [message, ...others] = await predict(
      "COPY a.deb b.deb /pkgs/",
      "RUN dpkg -i /pkgs/*.deb; rm -rf /pkgs/*",
    );
    expect(others).toEqual([]);
    expect(message).toContain("line 3 deletes the files in /pkgs, but line 2 added them");
  });

  test("a download with curl in all its spellings", async () => {
    for (const curl of [
      "curl -o /opt/a.tgz https://example.com/a.tgz",
      "curl -fsSLo /opt/a.tgz https://example.com/b",
      "curl --output=/opt/a.tgz https://example.com/b",
      "curl https://example.com/b > /opt/a.tgz",
      "cd /opt && curl -fsSLO --retry 3 https://example.com/x/a.tgz",
    ]) {
      expect(await predict(`RUN ${curl}`, "RUN rm /opt/a.tgz"), curl).toHaveLength(1);
    }
  });

  test("a download with wget in all its spellings", async () => {
    for (const wget of [
      "wget -O /opt/a.tgz https://example.com/b",
      "wget -qO/opt/a.tgz https://example.com/b",
      "wget -q -P /opt https://example.com/a.tgz",
      "wget -qO- https://example.com/b > /opt/a.tgz",
    ]) {
      expect(await predict(`RUN ${wget}`, "RUN rm /opt/a.tgz"), wget).toHaveLength(1);
    }
    expect(await predict("WORKDIR /opt", "RUN wget https://example.com/a.tgz", "RUN rm a.tgz")).toHaveLength(
      1,
    );
  });

  test("a clone that a later RUN deletes", async () => {
    expect(
      await predict("RUN git clone --depth 1 https://example.com/tool.git /src/tool", "RUN rm -rf /src"),
    ).toHaveLength(1);
  });

  test("package lists, caches and indexes that are cleaned one instruction too late", async () => {
    expect(
      await predict(
        "RUN apt-get update && apt-get install -y curl && apt-get clean",
        "RUN rm -rf /var/lib/apt/lists/*",
      ),
    ).toEqual([
      "line 3 deletes the package lists in /var/lib/apt/lists, but line 2 added them: the bytes stay in the layer of line 2",
    ]);
    expect(await predict("RUN dnf install -y gcc", "RUN dnf clean all")).toHaveLength(1);
    expect(await predict("RUN apk update && apk add gcc", "RUN rm -f /var/cache/apk/*")).toHaveLength(1);
  });

  test("a file that is moved away by a later RUN", async () => {
    expect(await predict("COPY server /tmp/server", "RUN mv /tmp/server /usr/bin/server")).toEqual([
      "line 3 moves away /tmp/server, but line 2 added it: the bytes stay in the layer of line 2",
    ]);
  });

  test("what an earlier stage of the chain made", async () => {
    expect(
      await predict("RUN curl -o /a.tgz https://example.com/a.tgz", "FROM alpine", "FROM debian:12"),
    ).toEqual([]);
    const chained = await findingsOf(deletedLater, {
      dockerfile:
        "FROM debian:12 AS one\nRUN curl -o /a.tgz https://example.com/a\nFROM one\nRUN rm /a.tgz\n",
    });
    expect(chained).toHaveLength(1);
    expect(chained[0]).toMatchObject({ evidence: "dockerfile" });
    expect(chained[0]?.bytes).toBeUndefined();
  });
});

describe("nothing is predicted", () => {
  const silent: [string, string[]][] = [
    ["when the same RUN deletes", ["RUN curl -o /a https://example.com/a && rm /a", "RUN rm -f /a"]],
    [
      "when the same RUN might delete",
      ["RUN curl -o /a https://example.com/a && rm -f $FILES", "RUN rm -f /a"],
    ],
    ["when a condition decides about the deletion", ["COPY a /a", 'RUN if [ -n "$CI" ]; then rm -rf /a; fi']],
    [
      "when a condition decides about the download",
      ["RUN [ -f /a ] || curl -o /a https://example.com/a", "RUN rm -f /a"],
    ],
    ["when the path has an unknown variable", ["COPY a /a", "RUN rm -rf /$NAME"]],
    ["when the destination has a variable", ["ARG D", "COPY a $D/a", "RUN rm -rf /a"]],
    ["for a relative path without a known directory", ["COPY a /a", "RUN rm -rf a"]],
    ["for another path", ["COPY a /a", "RUN rm -rf /ab /b/a"]],
    ["for a part of what was copied", ["COPY . /app", "RUN rm -rf /app/node_modules"]],
    ["for an archive that ADD unpacks", ["ADD a.tar.gz /tmp/", "RUN rm -f /tmp/a.tar.gz"]],
    ["for a name that a glob does not take", ["COPY .env.txt /d/.env/x.txt", "RUN rm -rf /d/*"]],
    [
      "under a cache mount",
      ["RUN --mount=type=cache,target=/var/lib/apt apt-get update", "RUN rm -rf /var/lib/apt/lists/*"],
    ],
    ["under a mount of the deleting RUN", ["COPY a /x/a", "RUN --mount=type=tmpfs,target=/x rm -rf /x/a"]],
    ["in a volume", ["VOLUME /data", "COPY a.sql /data/", "RUN rm /data/a.sql"]],
    ["in a builder stage", ["COPY a /a", "RUN rm -rf /a", "FROM scratch", "COPY --from=0 /b /b"]],
    ["for a shell that is not POSIX", ["COPY a /a", 'SHELL ["pwsh", "-c"]', "RUN rm -rf /a"]],
    [
      "for wget names that depend on the server",
      ["WORKDIR /d", "RUN wget https://example.com/get?x=1", "RUN rm -f /d/get"],
    ],
    ["for output that goes nowhere", ["RUN curl -o /dev/null https://example.com", "RUN rm -f /dev/null"]],
    [
      "for a trap that cleans up",
      ["RUN trap 'rm -f /a' EXIT; curl -o /a https://example.com/a", "RUN rm -f /a"],
    ],
    [
      "for lists that are cleaned in their own RUN",
      [
        "RUN apt-get update && apt-get install -y x && rm -rf /var/lib/apt/lists/*",
        "RUN rm -rf /var/lib/apt/lists/*",
      ],
    ],
    ["for caches that their own RUN cleans", ["RUN dnf install -y x && dnf clean all", "RUN dnf clean all"]],
  ];

  test.each(silent)("%s", async (_, lines) => {
    expect(await predict(...lines)).toEqual([]);
  });

  test("with layer evidence: the file was never in the image", async () => {
    const dockerfile = "FROM debian:12\nRUN curl -o /a https://example.com/a\nRUN rm -f /a\n";
    expect(await findingsOf(deletedLater, { dockerfile, layers: ["b(5)", "c(5)"] })).toEqual([]);
  });

  test("with layer evidence: one finding, with bytes", async () => {
    const dockerfile = "FROM debian:12\nRUN curl -o /a https://example.com/a\nRUN rm -f /a\n";
    const findings = await findingsOf(deletedLater, { dockerfile, layers: ["a(5MB)", ".wh.a"] });
    expect(findings.map(({ bytes, evidence }) => [bytes, evidence])).toEqual([[5_000_000, "both"]]);
  });

  test("for a Dockerfile that did not build the image", async () => {
    const dockerfile = "FROM debian:12\nRUN curl -o /a https://example.com/a\nRUN rm -f /a\n";
    const history = [
      { createdBy: "RUN /bin/sh -c first # buildkit", comment: "buildkit.dockerfile.v0", emptyLayer: false },
      { createdBy: "RUN /bin/sh -c second # buildkit", comment: "buildkit.dockerfile.v0", emptyLayer: false },
    ];
    expect(await findingsOf(deletedLater, { dockerfile, history, layers: ["b(5)", "c(5)"] })).toEqual([]);
  });
});
