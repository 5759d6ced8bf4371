import { describe, expect, test } from "vitest";
import { deletedLater } from "../../rules/layers/deleted-later.ts";
import { checkFixes, editsOf, fixWith, safetyOf } from "../support/fixes.ts";
import { findingsOf } from "../support/subject.ts";

const from = "FROM debian:12\n";
const fixed = async (dockerfile: string) => {
  await checkFixes(deletedLater, { dockerfile: from + dockerfile });
  return (await fixWith(deletedLater, { dockerfile: from + dockerfile })).slice(from.length);
};
const fixedUnsafely = async (dockerfile: string) => {
  await checkFixes(deletedLater, { dockerfile: from + dockerfile });
  return (await fixWith(deletedLater, { dockerfile: from + dockerfile }, true)).slice(from.length);
};
const safety = (dockerfile: string) => safetyOf(deletedLater, { dockerfile: from + dockerfile });

describe("the rm moves into the RUN that made the file", () => {
  test.each([
    [
      "and its own RUN goes, when nothing else is in it",
      "RUN curl -fo /srv/a.tgz https://example.org/a && tar -xf /srv/a.tgz -C /opt\nENV A=1\nRUN rm /srv/a.tgz\nCMD a\n",
      "RUN curl -fo /srv/a.tgz https://example.org/a && tar -xf /srv/a.tgz -C /opt && rm /srv/a.tgz\nENV A=1\nCMD a\n",
    ],
    [
      "out of the middle of a chain, in the layout of both",
      "RUN apt-get update \\\n    && apt-get install -y jq\nRUN useradd app \\\n    && rm -rf /var/lib/apt/lists/* \\\n    && mkdir /data\n",
      "RUN apt-get update \\\n    && apt-get install -y jq \\\n    && rm -rf /var/lib/apt/lists/*\nRUN useradd app \\\n    && mkdir /data\n",
    ],
    [
      "from the front of a chain with && at the line ends",
      "RUN apt-get update && \\\n\tapt-get install -y jq\nRUN rm -rf /var/lib/apt/lists/* && \\\n\tmkdir /data\n",
      "RUN apt-get update && \\\n\tapt-get install -y jq && \\\n\trm -rf /var/lib/apt/lists/*\nRUN mkdir /data\n",
    ],
    [
      "out of a list with set -e, which then has nothing left to do",
      "RUN set -eux; curl -o /srv/a https://example.org/a\nRUN set -eux; rm /srv/a;\n",
      "RUN set -eux; curl -o /srv/a https://example.org/a; rm /srv/a\n",
    ],
    [
      "out of a heredoc",
      "RUN <<EOT\nset -e\napt-get update\napt-get install -y jq\nEOT\nRUN <<EOT\nset -e\nmkdir /data\nrm -rf /var/lib/apt/lists/*\nEOT\n",
      "RUN <<EOT\nset -e\napt-get update\napt-get install -y jq\nrm -rf /var/lib/apt/lists/*\nEOT\nRUN <<EOT\nset -e\nmkdir /data\nEOT\n",
    ],
    [
      "with those of its paths that the RUN made, in lines of their own",
      "RUN apt-get update && apt-get install -y jq\nRUN rm -rf \\\n      /var/lib/apt/lists/* \\\n      /usr/share/doc\n",
      "RUN apt-get update && apt-get install -y jq && rm -rf /var/lib/apt/lists/*\nRUN rm -rf \\\n      /usr/share/doc\n",
    ],
    [
      "with CRLF",
      "RUN apt-get update && apt-get install -y jq\r\n\r\n# tidy\r\nRUN rm -rf /var/lib/apt/lists/*\r\n",
      "RUN apt-get update && apt-get install -y jq && rm -rf /var/lib/apt/lists/*\r\n\r\n# tidy\r\n",
    ],
    [
      "without a final newline",
      "RUN dnf install -y jq\n\nRUN dnf clean all",
      "RUN dnf install -y jq && dnf clean all",
    ],
    [
      "of a cache that every manager fills anew, in each RUN that fills it",
      "RUN dnf install -y jq\nRUN dnf install -y yq && dnf clean all\n",
      "RUN dnf install -y jq && dnf clean all\nRUN dnf install -y yq && dnf clean all\n",
    ],
    [
      "relative to the same WORKDIR",
      "WORKDIR /srv\nRUN wget https://example.org/a.zip\nRUN rm a.zip\n",
      "WORKDIR /srv\nRUN wget https://example.org/a.zip && rm a.zip\n",
    ],
    [
      "past instructions and commands that touch something else",
      "RUN apt-get update && apt-get install -y jq\nENV A=1\nWORKDIR /app\nCOPY go.sh /usr/bin/\nRUN chmod +x /usr/bin/go.sh && useradd app && pip install --no-cache-dir x\nRUN rm -rf /var/lib/apt/lists/*\n",
      "RUN apt-get update && apt-get install -y jq && rm -rf /var/lib/apt/lists/*\nENV A=1\nWORKDIR /app\nCOPY go.sh /usr/bin/\nRUN chmod +x /usr/bin/go.sh && useradd app && pip install --no-cache-dir x\n",
    ],
    [
      "of another user into one of root",
      "USER root\nRUN curl -o /srv/a https://example.org/a\nUSER app\nRUN rm /srv/a\n",
      "USER root\nRUN curl -o /srv/a https://example.org/a && rm /srv/a\nUSER app\n",
    ],
    [
      "of root by number",
      "USER 00:1\nRUN curl -o /srv/a https://example.org/a\nUSER app\nRUN rm /srv/a\n",
      "USER 00:1\nRUN curl -o /srv/a https://example.org/a && rm /srv/a\nUSER app\n",
    ],
    [
      "without the -- in front of its operands",
      "RUN curl -o /srv/a https://example.org/a\nENV A=1\nRUN rm -f -- /srv/a\n",
      "RUN curl -o /srv/a https://example.org/a && rm -f /srv/a\nENV A=1\n",
    ],
    [
      "with its quotes, whatever the folder",
      'RUN curl -o /srv/a https://example.org/a\nWORKDIR /x\nRUN rm "/srv/a"\nRUN id\n',
      'RUN curl -o /srv/a https://example.org/a && rm "/srv/a"\nWORKDIR /x\nRUN id\n',
    ],
    [
      "of a path, where another home moves caches only",
      "RUN export HOME=/x && curl -o /srv/a https://example.org/a\nENV A=1\nRUN rm /srv/a /srv/b\n",
      "RUN export HOME=/x && curl -o /srv/a https://example.org/a && rm /srv/a\nENV A=1\nRUN rm /srv/b\n",
    ],
    [
      "behind a program whose name begins like exit",
      "RUN curl -o /srv/a https://example.org/a && exitcode\nENV A=1\nRUN rm /srv/a\n",
      "RUN curl -o /srv/a https://example.org/a && exitcode && rm /srv/a\nENV A=1\n",
    ],
    [
      "of the same user",
      "USER app\nRUN curl -o /srv/a https://example.org/a\nENV A=1\nRUN rm /srv/a\n",
      "USER app\nRUN curl -o /srv/a https://example.org/a && rm /srv/a\nENV A=1\n",
    ],
    [
      "of a user that is not known, but the same",
      "USER $U\nRUN curl -o /srv/a https://example.org/a\nENV A=1\nRUN rm /srv/a\n",
      "USER $U\nRUN curl -o /srv/a https://example.org/a && rm /srv/a\nENV A=1\n",
    ],
    [
      "behind what takes the tool of another path away before the tool runs",
      "RUN rm -rf /usr/local/bin/x && npm ci\nENV A=1\nRUN npm cache clean --force\n",
      "RUN rm -rf /usr/local/bin/x && npm ci && npm cache clean --force\nENV A=1\n",
    ],
    [
      "behind a package manager of the system that removes another package",
      "RUN dnf install -y git && rpm -e gcc\nENV A=1\nRUN dnf clean all\n",
      "RUN dnf install -y git && rpm -e gcc && dnf clean all\nENV A=1\n",
    ],
    [
      "together with the command that empties a cache",
      "RUN npm ci && curl -o /srv/a https://example.org/a\nENV A=1\nRUN rm /srv/a && npm cache clean --force\n",
      "RUN npm ci && curl -o /srv/a https://example.org/a && rm /srv/a && npm cache clean --force\nENV A=1\n",
    ],
    [
      "twice, where the lists are fetched anew in between",
      "RUN apt-get update && apt-get install -y jq\nRUN apt-get update && apt-get install -y yq\nRUN rm -rf /var/lib/apt/lists/*\n",
      "RUN apt-get update && apt-get install -y jq && rm -rf /var/lib/apt/lists/*\nRUN apt-get update && apt-get install -y yq && rm -rf /var/lib/apt/lists/*\n",
    ],
  ])("%s", async (_, before, after) => {
    expect(await fixed(before)).toBe(after);
  });

  test("of every manager, by its own command or by its folder", async () => {
    for (const [fill, clean] of [
      ["dnf install -y jq", "dnf clean all"],
      ["yum install -y jq", "rm -rf /var/cache/yum"],
      ["zypper install -y jq", "zypper clean --all"],
      ["apk add --update-cache jq", "rm -rf /var/cache/apk/*"],
      ["pip install x", "pip cache purge"],
      ["pip install x", "rm -rf /root/.cache/pip"],
      ["python3 -m pip install x", "rm -rf /root/.cache"],
      ["npm ci", "npm cache clean --force"],
      ["npm install -g x", "rm -rf /root/.npm"],
      ["composer install", "composer clear-cache"],
      ["uv pip install x", "rm -rf /root/.cache/uv"],
      ["poetry install", "rm -rf /root/.cache/pypoetry"],
      ["conda install -y x", "conda clean --all"],
      ["yarn install", "yarn cache clean"],
      ["yarn", "rm -rf /usr/local/share/.cache/yarn"],
      ["pnpm install", "rm -rf /root/.local/share/pnpm/store"],
      ["bun install", "bun pm cache rm"],
      ["pacman -Syu jq", "rm -rf /var/cache/pacman/pkg/*"],
      ["go build ./...", "go clean -modcache"],
      ["go install example.org/x", "rm -rf /root/.cache/go-build"],
      ["cargo build", "rm -rf /usr/local/cargo/registry"],
      ["mvn package", "rm -rf /root/.m2"],
      ["gradle build", "rm -rf /root/.gradle"],
      ["dotnet restore", "dotnet nuget locals all --clear"],
    ]) {
      expect(await fixed(`RUN ${fill}\nRUN ${clean}\n`), `${fill}; ${clean}`).toBe(
        `RUN ${fill} && ${clean}\n`,
      );
    }
  });
});

describe("a cleaner that does something else than it seems", () => {
  test.each([
    "RUN dnf install -y git\nRUN dnf --installroot=/mnt install -y bash && dnf --installroot=/mnt clean all\n",
    "RUN zypper install -y git\nRUN zypper --root /mnt clean -a\n",
    "RUN pacman -Syu --noconfirm git\nRUN pacman -Scc --noconfirm\n",
    "RUN go mod download\nRUN go clean -cache\n",
  ])("deletes nothing of an earlier line: %s", async (dockerfile) => {
    expect(await findingsOf(deletedLater, { dockerfile: from + dockerfile })).toEqual([]);
  });

  test.each([
    [
      "RUN HOME=/tmp npm ci\nRUN export HOME=/tmp && npm ci && npm cache clean --force\n",
      "moves the cache or HOME",
    ],
    ["RUN npm ci && apk del nodejs\nENV A=1\nRUN npm cache clean --force\n", "apk may remove npm"],
    ["RUN npm ci && apk del npm\nENV A=1\nRUN npm cache clean --force\n", "apk may remove npm"],
    ["RUN MY_CACHE_DIR=/x npm ci\nENV A=1\nRUN npm cache clean --force\n", "line 2 moves the cache or HOME"],
    [
      "RUN npm ci\nENV A=1\nRUN export XDG_CACHE_HOME=/x && npm cache clean --force\n",
      "line 4 moves the cache or HOME",
    ],
  ])("is unsafe: %s", async (dockerfile, why) => {
    expect(await safety(dockerfile)).toContain(why);
  });

  test("offline Maven needs the files that the rm would remove", async () => {
    const dockerfile =
      "RUN mvn dependency:go-offline\nCOPY src src\nRUN mvn -o package\nRUN rm -rf /root/.m2\n";
    expect(await fixedUnsafely(dockerfile)).toContain("RUN mvn dependency:go-offline\n");
  });

  test("each of Go's caches is one of its own", async () => {
    expect(await fixed("RUN go build -o /app .\nRUN go clean -cache\n")).toBe(
      "RUN go build -o /app . && go clean -cache\n",
    );
  });
});

describe("one failed condition makes it unsafe", () => {
  const made = "RUN curl -o /srv/a.tgz https://example.org/a\nENV A=1\n";
  test.each([
    [
      "same stage",
      "AS one\nRUN curl -o /srv/a.tgz https://example.org/a\nFROM one\nRUN rm /srv/a.tgz\n".replace(
        /^AS one\n/,
        "",
      ),
      /another stage/,
    ],
    [
      "literal path: a glob",
      "RUN git clone https://example.org/x.git /srv/x\nENV A=1\nRUN rm -rf /srv/x/*\n",
      /a glob/,
    ],
    ["literal path: a variable", `ARG F=/srv/a.tgz\n${made}RUN rm $F\n`, /a variable/],
    [
      "literal path: the user's home",
      "RUN pip install x\nENV A=1\nRUN rm -rf ~/.cache/pip\n",
      /depends on the user/,
    ],
    [
      "literal path: relative, with a blank",
      "WORKDIR /srv\nRUN curl -o 'a b' https://example.org/a\nWORKDIR /\nRUN rm 'srv/a b'\n",
      /same folder.*'srv\/a b'/,
    ],
    [
      "literal path: relative to another WORKDIR",
      "WORKDIR /srv\nRUN curl -o a.tgz https://example.org/a\nWORKDIR /\nRUN rm srv/a.tgz\n",
      /same folder/,
    ],
    ["literal path: relative after cd", `WORKDIR /\n${made}RUN cd /srv && rm a.tgz\n`, /same folder/],
    [
      "no instruction between reads it: a script that nobody knows",
      `${made}RUN /build/setup\nRUN rm /srv/a.tgz\n`,
      /line 4 may use the files first/,
    ],
    [
      "no instruction between reads it: unknown variables",
      `${made}RUN cat $X > /etc/motd\nRUN rm /srv/a.tgz\n`,
      /line 4 may use/,
    ],
    [
      "no instruction between writes it: a COPY with a variable",
      `${made}ARG D\nCOPY x $D\nRUN rm /srv/a.tgz\n`,
      /line 5 may use/,
    ],
    [
      "no instruction between touches it: the folder it stands in is not known",
      `${made.replaceAll("/srv", "/tmp")}RUN chmod -R 777 .\nRUN rm /tmp/a.tgz\n`,
      /line 4 may use/,
    ],
    ["nothing before it in its RUN reads it", `${made}RUN make install && rm /srv/a.tgz\n`, /line 4 may use/],
    [
      "nothing in its RUN reads another one of the files before that goes",
      "RUN curl -o /srv/a https://example.org/a && curl -o /srv/b https://example.org/b\nRUN rm /srv/a && cat /srv/b && rm /srv/b\n",
      /line 3 uses the files first/,
    ],
    [
      "list safety of the RUN that deletes it: a long --force that stays",
      `${made}RUN rm --force /srv/a.tgz || mkdir /x\n`,
      /continues if the rm fails/,
    ],
    [
      "same user",
      "USER app\nRUN curl -o /srv/a.tgz https://example.org/a\nUSER root\nRUN rm /srv/a.tgz\n",
      /different users/,
    ],
    ["same user: one that is not known", `USER $U\n${made}USER $V\nRUN rm /srv/a.tgz\n`, /different users/],
    ["same mounts", `${made}RUN --mount=type=tmpfs,target=/x rm /srv/a.tgz\n`, /mounts, network or security/],
    ["same network", `${made}RUN --network=none rm /srv/a.tgz\n`, /mounts, network or security/],
    ["same security", `${made}RUN --security=insecure rm /srv/a.tgz\n`, /mounts, network or security/],
    [
      "list safety of the RUN that makes it",
      "RUN mkdir /x; curl -o /srv/a.tgz https://example.org/a\nENV A=1\nRUN rm /srv/a.tgz\n",
      /without set -e/,
    ],
    [
      "list safety of the RUN that deletes it: its failure does not count",
      `${made}RUN rm -f /srv/a.tgz || true\n`,
      /continues if the rm fails/,
    ],
    [
      "list safety of the RUN that deletes it: it stays where it cannot be cut out",
      `${made}RUN rm -f /srv/a.tgz || mkdir /x\n`,
      /continues if the rm fails/,
    ],
    [
      "list safety of the RUN that deletes it: other failures do not count",
      `${made}RUN mkdir /x; rm -f /srv/a.tgz\n`,
      /the RUN that deletes them continues/,
    ],
  ])("%s", async (clause, dockerfile, condition) => {
    const text = clause === "same stage" ? `FROM debian:12 AS one\n${dockerfile}` : from + dockerfile;
    await checkFixes(deletedLater, { dockerfile: text });
    expect(await safetyOf(deletedLater, { dockerfile: text })).toMatch(condition);
    expect(await fixWith(deletedLater, { dockerfile: text })).toBe(text);
    expect(await fixWith(deletedLater, { dockerfile: text }, true)).not.toBe(text);
  });
});

test.each([
  ["srv/a.tgz", "/srv/a.tgz"],
  ["'srv/a b'", "'/srv/a b'"],
  ["'srv/it'\\''s'", "'/srv/it'\\''s'"],
])("%s becomes %s in a RUN that stands in another folder", async (word, wanted) => {
  const name = word.replace("srv/", "");
  const made = `WORKDIR /srv\nRUN curl -o ${name} https://example.org/a`;
  expect(await fixedUnsafely(`${made}\nWORKDIR /\nRUN rm ${word}\n`)).toBe(
    `${made} && rm ${wanted}\nWORKDIR /\n`,
  );
});

describe("one RUN of both, where something in between needs the file", () => {
  const get = "RUN curl -o /srv/a https://example.org/a\n";
  test.each([
    [
      "what uses the file for sure, not what may",
      `${get}RUN make\nRUN cat /srv/a && rm /srv/a\n`,
      "line 4 uses",
    ],
    ["the first that uses it", `${get}RUN cat /srv/a\nRUN cat /srv/a && rm /srv/a\n`, "line 3 uses"],
    ["the first that may", `${get}RUN make\nRUN make x\nRUN rm /srv/a\n`, "line 3 may use"],
    ["none that may behind one that does", `${get}RUN cat /srv/a\nRUN make && rm /srv/a\n`, "line 3 uses"],
  ])("the condition names %s", async (_, dockerfile, wanted) => {
    expect(await safety(dockerfile)).toMatch(new RegExp(`^${wanted}`));
  });

  test("RUNs before the file is made stay as they are", async () => {
    expect(await fixedUnsafely(`RUN useradd app\n${get}RUN cat /srv/a && rm /srv/a\n`)).toBe(
      "RUN useradd app\nRUN curl -o /srv/a https://example.org/a \\\n    && cat /srv/a && rm /srv/a\n",
    );
  });

  test("a file that the deleting RUN reads first", async () => {
    const run =
      "RUN wget -O /srv/a.tgz https://example.org/a\n\n# unpack\nRUN tar -xf /srv/a.tgz -C /opt \\\n && rm /srv/a.tgz\n";
    expect(await safety(run)).toMatch(/line 5 uses the files first.*build cache/);
    expect(await fixed(run)).toBe(run);
    expect(await fixedUnsafely(run)).toBe(
      "RUN wget -O /srv/a.tgz https://example.org/a \\\n# unpack\n && tar -xf /srv/a.tgz -C /opt \\\n && rm /srv/a.tgz\n",
    );
  });

  test("the rm moves to the last use, and what follows stays as it is", async () => {
    const lines = ["RUN tar -xf /srv/a -C /opt", "RUN useradd app", "RUN mkdir /data"];
    const run = `${get}${lines.join("\n")}\nRUN echo done && rm /srv/a\n`;
    await checkFixes(deletedLater, { dockerfile: from + run });
    expect(await fixedUnsafely(run)).toBe(
      `${get.trimEnd()} \\\n    && tar -xf /srv/a -C /opt \\\n    && rm /srv/a\nRUN useradd app\nRUN mkdir /data\nRUN echo done\n`,
    );
  });

  test("a subshell ends before the rm", async () => {
    const run = `${get}RUN cd /opt && tar -xf /srv/a\nRUN mkdir /data\nRUN rm /srv/a\n`;
    expect(await fixedUnsafely(run)).toBe(
      `${get.trimEnd()} \\\n    && ( cd /opt && tar -xf /srv/a ) \\\n    && rm /srv/a\nRUN mkdir /data\n`,
    );
  });

  test("lines are laid out as in the first RUN that has several", async () => {
    const run = `${get}RUN mkdir /x && \\\n\ttar -xf /srv/a -C /x\nRUN rm /srv/a\n`;
    expect(await fixedUnsafely(run)).toBe(
      `${get.trimEnd()} && \\\n\tmkdir /x && \\\n\ttar -xf /srv/a -C /x && \\\n\trm /srv/a\n`,
    );
  });

  test("three RUNs, with what must stay in a shell of its own", async () => {
    expect(
      await fixedUnsafely(
        "RUN cd /srv && wget -O /srv/a.tgz https://example.org/a\nRUN tar -xf /srv/a.tgz -C /opt || exit 1\nRUN rm /srv/a.tgz\n",
      ),
    ).toBe(
      "RUN ( cd /srv && wget -O /srv/a.tgz https://example.org/a ) \\\n    && ( tar -xf /srv/a.tgz -C /opt || exit 1 ) \\\n    && rm /srv/a.tgz\n",
    );
  });

  test("a file that is moved away", async () => {
    expect(
      await fixedUnsafely("RUN curl -o /srv/tool https://example.org/t\nRUN mv /srv/tool /usr/bin/tool\n"),
    ).toBe("RUN curl -o /srv/tool https://example.org/t \\\n    && mv /srv/tool /usr/bin/tool\n");
  });

  test.each([
    [
      "something else stands in between",
      "RUN curl -o /srv/a https://example.org/a\nENV A=1\nRUN cat /srv/a && rm /srv/a\n",
    ],
    ["a heredoc", "RUN curl -o /srv/a https://example.org/a\nRUN <<E\nset -e\ncat /srv/a\nrm /srv/a\nE\n"],
    [
      "set -e means something in it",
      "RUN set -e; x; curl -o /srv/a https://example.org/a\nRUN cat /srv/a && rm /srv/a\n",
    ],
    ["other flags", "RUN curl -o /srv/a https://example.org/a\nRUN --network=none cat /srv/a && rm /srv/a\n"],
    [
      "a comment tells a linter something",
      "RUN curl -o /srv/a https://example.org/a\n# hadolint ignore=DL3059\nRUN cat /srv/a && rm /srv/a\n",
    ],
    ["a COPY reads it", "RUN curl -o /srv/a https://example.org/a\nCOPY b /srv/\nRUN rm /srv/a\n"],
  ])("no edit where %s", async (_, dockerfile) => {
    expect(await editsOf(deletedLater, { dockerfile: from + dockerfile })).toEqual([]);
  });
});

describe("a mount instead of a COPY", () => {
  test("a package that one RUN installs and deletes", async () => {
    const run =
      "COPY ./dist/tool.deb /tmp/\n# install\nRUN dpkg -i /tmp/tool.deb \\\n    && rm /tmp/tool.deb\n";
    expect(await safety(run)).toMatch(/^a mounted file cannot be written, .* exists during this RUN only$/);
    expect(await fixedUnsafely(run)).toBe(
      "# install\nRUN --mount=type=bind,source=dist/tool.deb,target=/tmp/tool.deb dpkg -i /tmp/tool.deb\n",
    );
  });

  test("a script that one RUN runs and deletes", async () => {
    expect(
      await fixedUnsafely("COPY setup.sh /tmp/setup.sh\nRUN /tmp/setup.sh && id\nRUN rm /tmp/setup.sh\n"),
    ).toBe("RUN --mount=type=bind,source=setup.sh,target=/tmp/setup.sh /tmp/setup.sh && id\n");
  });

  test("a file that COPY --link brings, for a RUN with programs that nobody knows", async () => {
    expect(
      await fixedUnsafely(
        "COPY --link tool.deb /tmp/\nRUN dpkg -i /tmp/tool.deb && ./setup && rm /tmp/tool.deb\n",
      ),
    ).toBe("RUN --mount=type=bind,source=tool.deb,target=/tmp/tool.deb dpkg -i /tmp/tool.deb && ./setup\n");
  });

  test("several files from a stage, which a third instruction deletes", async () => {
    const text =
      "FROM golang AS b\nRUN make\nFROM debian:12\nCOPY --from=b /out/a.deb /out/b.deb /srv/\nRUN dpkg -i /srv/a.deb /srv/b.deb\nENV A=1\nRUN rm -f /srv/a.deb /srv/b.deb\n";
    await checkFixes(deletedLater, { dockerfile: text });
    expect(await fixWith(deletedLater, { dockerfile: text }, true)).toBe(
      "FROM golang AS b\nRUN make\nFROM debian:12\nRUN --mount=type=bind,from=b,source=out/a.deb,target=/srv/a.deb --mount=type=bind,from=b,source=out/b.deb,target=/srv/b.deb dpkg -i /srv/a.deb /srv/b.deb\nENV A=1\n",
    );
  });

  test.each([
    [
      "two RUNs read it",
      "COPY a.tgz /tmp/\nRUN tar -xf /tmp/a.tgz -C /opt\nRUN sha256sum /tmp/a.tgz && rm /tmp/a.tgz\n",
    ],
    [
      "its stage is a variable",
      "COPY --from=$B a.tgz /tmp/\nRUN tar -xf /tmp/a.tgz -C /opt && rm /tmp/a.tgz\n",
    ],
    [
      "one of two names has a blank",
      'COPY ["a.deb", "my b.deb", "/tmp/"]\nRUN dpkg -i /tmp/a.deb "/tmp/my b.deb" && rm /tmp/a.deb "/tmp/my b.deb"\n',
    ],
    ["another COPY replaces it", "COPY a.deb /tmp/\nCOPY --from=b x /tmp/a.deb\nRUN rm /tmp/a.deb\n"],
    ["nothing reads it", "COPY a.tgz /tmp/\nRUN rm /tmp/a.tgz\n"],
    [
      "its source has a blank",
      'COPY ["my app.tgz", "/tmp/app.tgz"]\nRUN tar -xf /tmp/app.tgz -C /opt && rm /tmp/app.tgz\n',
    ],
    [
      "its target has a blank",
      'COPY ["app.tgz", "/tmp/my app.tgz"]\nRUN tar -xf "/tmp/my app.tgz" -C /opt && rm "/tmp/my app.tgz"\n',
    ],
    [
      "something unknown in the RUN that deletes it may read it too",
      "COPY tool.deb /tmp/\nRUN dpkg -i /tmp/tool.deb\nRUN ./setup && rm /tmp/tool.deb\n",
    ],
    [
      "the RUN that reads it has a mount there",
      "COPY tool.deb /tmp/\nRUN --mount=type=bind,target=/tmp/tool.deb dpkg -i /tmp/tool.deb\nRUN rm /tmp/tool.deb\n",
    ],
    [
      "something unknown may read it",
      "COPY a.tgz /tmp/\nRUN ./setup\nRUN tar -xf /tmp/a.tgz -C /opt && rm /tmp/a.tgz\n",
    ],
    [
      "one RUN makes it executable and another one runs it",
      "COPY tools/setup.sh /tmp/setup.sh\nRUN chmod +x /tmp/setup.sh\nRUN /tmp/setup.sh && rm -f /tmp/setup.sh\n",
    ],
    [
      "two RUNs run it, one from its folder",
      "WORKDIR /tmp\nCOPY setup.sh /tmp/setup.sh\nRUN ./setup.sh a\nRUN /tmp/setup.sh b && rm /tmp/setup.sh\n",
    ],
    ...[
      "chmod +x /tmp/a.sh && sh /tmp/a.sh",
      "chown 7 /tmp/a.sh && sh /tmp/a.sh",
      "sed -i s/a/b/ /tmp/a.sh && sh /tmp/a.sh",
      "sed -Ei s/a/b/ /tmp/a.sh && sh /tmp/a.sh",
      "echo x >> /tmp/a.sh && sh /tmp/a.sh",
      "gunzip /tmp/a.sh",
      "mv /tmp/a.sh /opt/",
    ].map((use) => [`${use} changes it`, `COPY a.sh /tmp/a.sh\nRUN ${use}\nRUN rm -f /tmp/a.sh\n`]),
    ["it changes owner", "COPY --chown=1:1 a.tgz /tmp/\nRUN tar -xf /tmp/a.tgz -C /opt && rm /tmp/a.tgz\n"],
    ["it is a folder", "COPY src /srv/src\nRUN make -C /srv/src && rm -rf /srv/src\n"],
    [
      "one file of two is deleted",
      "COPY a.tgz b.tgz /tmp/\nRUN tar -xf /tmp/a.tgz -C /opt && rm /tmp/a.tgz\n",
    ],
    [
      "the rm cannot be cut out",
      "COPY a.tgz /tmp/\nRUN tar -xf /tmp/a.tgz -C /opt && rm /tmp/a.tgz || true\n",
    ],
    [
      "ADD fetched it",
      "ADD https://example.org/a.tgz /tmp/\nRUN tar -xf /tmp/a.tgz -C /opt && rm /tmp/a.tgz\n",
    ],
  ])("no edit where %s", async (_, dockerfile) => {
    expect(await editsOf(deletedLater, { dockerfile: from + dockerfile })).toEqual([]);
  });

  test("no edit where the frontend knows no mounts", async () => {
    const run = "COPY a.tgz /tmp/\nRUN tar -xf /tmp/a.tgz -C /opt && rm /tmp/a.tgz\n";
    expect(
      await editsOf(deletedLater, { dockerfile: `# syntax=docker/dockerfile:1.1\n${from}${run}` }),
    ).toEqual([]);
    expect(
      await editsOf(deletedLater, { dockerfile: `# syntax=docker/dockerfile:1.2\n${from}${run}` }),
    ).toHaveLength(1);
  });
});

describe("an instruction that is not editable gets no edit", () => {
  test.each([
    [
      "a comment would go with the RUN",
      "RUN curl -o /srv/a https://example.org/a\nENV A=1\nRUN rm \\\n  # old\n  /srv/a\n",
    ],
    [
      "a shell that is not POSIX",
      'RUN curl -o /srv/a https://example.org/a\nSHELL ["pwsh", "-c"]\nRUN rm /srv/a\n',
    ],
    [
      "the rm has a redirect",
      "RUN curl -o /srv/a https://example.org/a\nENV A=1\nRUN rm /srv/a 2>/dev/null\n",
    ],
    [
      "one rm of two would fail where both have to stay",
      "RUN curl -o /srv/a https://example.org/a && curl -o /srv/b https://example.org/b\nENV A=1\nRUN rm -f /srv/a && rm /srv/b || exit 1\n",
    ],
    [
      "one of the files is moved elsewhere",
      "RUN curl -o /srv/a https://example.org/a && curl -o /srv/b https://example.org/b\nENV A=1\nRUN rm /srv/a && mv /srv/b /opt/b\n",
    ],
    [
      "a heredoc whose name has a blank makes it",
      'RUN <<"E F"\ncurl -o /srv/a https://example.org/a\nE F\nENV A=1\nRUN rm /srv/a\n',
    ],
    ["the rm is behind sudo", "RUN curl -o /srv/a https://example.org/a\nENV A=1\nRUN sudo rm /srv/a\n"],
    ["the rm is in a subshell", "RUN curl -o /srv/a https://example.org/a\nENV A=1\nRUN ( rm /srv/a )\n"],
    [
      "the RUN that makes it ends before the rm would run",
      "RUN curl -o /srv/a https://example.org/a; exit 0\nENV A=1\nRUN rm /srv/a\n",
    ],
    [
      "the RUN that makes it hands over to it",
      "RUN exec curl -o /srv/a https://example.org/a\nENV A=1\nRUN rm /srv/a\n",
    ],
    ["exec form", 'RUN ["curl", "-o", "/srv/a", "https://example.org/a"]\nENV A=1\nRUN rm /srv/a\n'],
  ])("%s", async (_, dockerfile) => {
    expect(await editsOf(deletedLater, { dockerfile: from + dockerfile })).toEqual([]);
  });

  test("an rm without -f that cannot be cut out would fail", async () => {
    expect(
      await editsOf(deletedLater, {
        dockerfile: `${from}RUN curl -o /srv/a https://example.org/a\nENV A=1\nRUN rm /srv/a || exit 1\n`,
      }),
    ).toEqual([]);
  });
});

describe("with the layers at hand", () => {
  const dockerfile = `${from}RUN make tools\nENV A=1\nRUN rm -rf /opt/src\n`;
  const one = { dockerfile, layers: ["opt/ opt/src/ opt/src/a(300kB) opt/bin(5)", "opt/ opt/.wh.src"] };

  test("what an unknown command made is moved, and the bytes are promised", async () => {
    const [fix] = await editsOf(deletedLater, one);
    expect(fix).toMatchObject({ safety: "safe", bytes: 300_000 });
    expect(await fixWith(deletedLater, one)).toBe(`${from}RUN make tools && rm -rf /opt/src\nENV A=1\n`);
  });

  test("a whiteout of something else makes it unsafe", async () => {
    expect(
      await safetyOf(deletedLater, {
        ...one,
        layers: ["opt/ opt/src/ opt/src/a(300kB) opt/bin(5)", ".wh.opt"],
      }),
    ).toMatch(/no whiteout for exactly \/opt\/src/);
  });

  test("files of the base that go with it make it unsafe", async () => {
    expect(
      await safetyOf(deletedLater, {
        dockerfile,
        base: 1,
        layers: ["opt/ opt/src/ opt/src/b(1kB)", "opt/ opt/src/ opt/src/a(300kB)", "opt/ opt/.wh.src"],
      }),
    ).toMatch(/belongs to the base image/);
  });

  test("files of the base alone give no edit", async () => {
    expect(
      await editsOf(deletedLater, {
        dockerfile,
        base: 1,
        layers: ["opt/ opt/src/ opt/src/b(900kB)", "opt/ opt/bin(3kB)", "opt/ opt/.wh.src"],
      }),
    ).toEqual([]);
  });

  test("what a third instruction adds there is not left behind", async () => {
    const text = `${from}RUN make tools\nRUN make more\nRUN rm -rf /opt/src\n`;
    const layers = ["opt/ opt/src/ opt/src/a(300kB)", "opt/ opt/src/ opt/src/b(200kB)", "opt/ opt/.wh.src"];
    const edits = await editsOf(deletedLater, { dockerfile: text, layers });
    expect(edits.map(({ bytes, safety: level }) => [bytes, level])).toEqual([
      [300_000, "unsafe"],
      [200_000, "safe"],
    ]);
    expect(edits[0]?.condition).toMatch(/line 3 may use|adds files there, too/);
    const apart = text.replace("RUN make more", "ENV A=1\nRUN make more");
    expect((await editsOf(deletedLater, { dockerfile: apart, layers })).map(({ bytes }) => bytes)).toEqual([
      200_000,
    ]);
  });

  test("a cache that is filled again in between goes in both", async () => {
    const text = `${from}RUN dnf install -y jq\nRUN dnf install -y yq\nRUN dnf clean all\n`;
    const cache = "var/ var/cache/ var/cache/dnf/";
    const layers = [
      `${cache} var/cache/dnf/a(300kB)`,
      `${cache} var/cache/dnf/b(200kB)`,
      `${cache} var/cache/dnf/.wh.a var/cache/dnf/.wh.b`,
    ];
    expect(await fixWith(deletedLater, { dockerfile: text, layers })).toBe(
      `${from}RUN dnf install -y jq && dnf clean all\nRUN dnf install -y yq && dnf clean all\n`,
    );
  });

  test("an unknown reader in between makes it unsafe here, too", async () => {
    const text = `${from}RUN make tools\nENV A=1\nRUN make check\nRUN rm -rf /opt/src\n`;
    expect(
      await safetyOf(deletedLater, {
        dockerfile: text,
        layers: ["opt/ opt/src/ opt/src/a(300kB)", "log(5)", "opt/ opt/.wh.src"],
      }),
    ).toMatch(/line 4 may use the files first/);
  });
});

describe("a cache that the build in between reads is not removed before it", () => {
  const offered = async (dockerfile: string) => {
    const [fix] = await editsOf(deletedLater, { dockerfile: `FROM base:1\n${dockerfile}` });
    return fix === undefined ? undefined : `${fix.safety}: ${fix.description}`;
  };

  test.each([
    [
      "NuGet's packages, which dotnet publish --no-restore does not fetch again",
      "RUN dotnet restore\nRUN dotnet publish --no-restore -o /app && dotnet nuget locals all --clear\n",
    ],
    ["Go's modules", "RUN go mod download\nRUN go build ./... && go clean -modcache\n"],
    ["Cargo's crates", "RUN cargo fetch\nRUN cargo build && rm -rf /usr/local/cargo/registry\n"],
    ["Maven's artifacts", "RUN mvn dependency:go-offline\nRUN mvn package && rm -rf /root/.m2\n"],
    ["without a network", "RUN npm ci\nRUN --network=none npm ci && npm cache clean --force\n"],
    [
      "a setting in capitals",
      "RUN npm ci\nENV NPM_CONFIG_OFFLINE=true\nRUN npm ci && npm cache clean --force\n",
    ],
    ["a setting", "RUN npm ci\nENV npm_config_offline=true\nRUN npm ci && npm cache clean --force\n"],
    [
      "a setting of one command",
      "RUN npm ci\nRUN npm_config_prefer_offline=1 npm ci && npm cache clean --force\n",
    ],
    [
      "zypper that does not refresh",
      "RUN zypper in -y a\nRUN zypper --no-refresh in -y b && zypper clean --all\n",
    ],
  ])("%s", async (_, dockerfile) => {
    expect((await offered(dockerfile)) ?? "").not.toMatch(/^safe|too$/);
  });

  test("Yarn from version 2 on may run the project from its cache", async () => {
    expect(await offered("RUN yarn install\nRUN yarn build\nRUN yarn cache clean\n")).toBe(
      "unsafe: join lines 2 to 3 into one RUN that ends in yarn cache clean, from line 4",
    );
    expect(await offered("RUN yarn install\nRUN yarn cache clean\n")).toMatch(/^safe: move/);
  });

  test.each(["host", "default"])("with the network %s, npm fetches again", async (network) => {
    const run = `RUN npm ci\nRUN --network=${network} npm ci && npm cache clean --force\n`;
    expect(await offered(run)).toMatch(/^unsafe: npm cache clean .* too$/);
  });

  test("apt's lists, where an update in between may not run", async () => {
    const update = "RUN apt-get update && apt-get install -y a\n";
    const rm = "RUN rm -rf /var/lib/apt/lists/*\n";
    expect(await offered(`${update}RUN apt-get update && id\n${rm}`)).toMatch(/ too$/);
    expect(await offered(`${update}RUN if id; then apt-get update; fi\n${rm}`)).not.toMatch(/ too$/);
  });

  test("npm fetches again what it does not find", async () => {
    expect(await offered("RUN npm ci\nRUN npm i -g x && npm cache clean --force\n")).toMatch(
      /^safe: .* too$/,
    );
  });
});

test("what is copied from a third stage does not matter", async () => {
  const dockerfile =
    "FROM golang AS g\nFROM debian:12 AS a\nRUN curl -o /srv/a.tgz https://example.org/a\nFROM a\nCOPY --from=g /x /x\nCOPY --from=g /y /y\nRUN rm /srv/a.tgz\n";
  expect(await editsOf(deletedLater, { dockerfile })).toHaveLength(1);
});

test("no edit where another stage reads the file before it is deleted: that build would fail", async () => {
  const made = "FROM debian:12 AS a\nRUN curl -o /srv/a.tgz https://example.org/a\n";
  const chain = "FROM a\nRUN rm /srv/a.tgz\n";
  expect(await editsOf(deletedLater, { dockerfile: made + chain })).toHaveLength(1);
  for (const other of [
    "FROM a AS b\nRUN cp /srv/a.tgz /x\n",
    "FROM scratch AS b\nCOPY --from=a /srv/a.tgz /x\n",
  ])
    expect(await editsOf(deletedLater, { dockerfile: made + other + chain })).toEqual([]);
});

describe("a safe move, whatever else stands there", () => {
  const get = "RUN curl -o /srv/a https://example.org/a";
  const two = `${get} && curl -o /srv/b https://example.org/b`;
  test.each([
    ["behind it", `${get}\nENV A=1\nRUN rm /srv/a\nRUN make\n`, `${get} && rm /srv/a\nENV A=1\nRUN make\n`],
    [
      "two commands that delete",
      `${two}\nENV A=1\nRUN rm /srv/a && rm /srv/b\n`,
      `${two} && rm /srv/a && rm /srv/b\nENV A=1\n`,
    ],
    [
      "a program whose name ends in exec",
      `${get} && pkexec id\nENV A=1\nRUN rm /srv/a\n`,
      `${get} && pkexec id && rm /srv/a\nENV A=1\n`,
    ],
    [
      "other users in between",
      `USER app\n${get}\nUSER root\nRUN id\nUSER app\nRUN rm /srv/a\n`,
      `USER app\n${get} && rm /srv/a\nUSER root\nRUN id\nUSER app\n`,
    ],
    [
      "variables that only look like the home or a cache",
      "RUN MYHOME=/x HOMEPAGE=/y npm ci\nENV A=1\nRUN npm cache clean --force\n",
      "RUN MYHOME=/x HOMEPAGE=/y npm ci && npm cache clean --force\nENV A=1\n",
    ],
    [
      "programs whose names only hold that of an export",
      "RUN reexport HOME=/x && exported HOME=/x && npm ci\nENV A=1\nRUN npm cache clean --force\n",
      "RUN reexport HOME=/x && exported HOME=/x && npm ci && npm cache clean --force\nENV A=1\n",
    ],
    [
      "an export of something else",
      "RUN export A=1 && npm ci\nENV A=1\nRUN npm cache clean --force\n",
      "RUN export A=1 && npm ci && npm cache clean --force\nENV A=1\n",
    ],
  ])("%s", async (_, dockerfile, wanted) => {
    expect(await fixed(dockerfile)).toBe(wanted);
  });

  test("in a stage that two others build on", async () => {
    const others = "FROM a AS b\nRUN id\nFROM a\nCMD x\n";
    expect(
      await fixWith(deletedLater, {
        dockerfile: `FROM debian:12 AS a\n${get}\nENV A=1\nRUN rm /srv/a\n${others}`,
      }),
    ).toBe(`FROM debian:12 AS a\n${get} && rm /srv/a\nENV A=1\n${others}`);
  });

  test("the description says whether the line goes", async () => {
    const described = async (rm: string) => {
      const [fix] = await editsOf(deletedLater, { dockerfile: `${from}${get}\nENV A=1\nRUN ${rm}\n` });
      return fix?.description;
    };
    expect(await described("rm /srv/a")).toBe(
      "move rm /srv/a from line 4 to the end of line 2, and drop line 4",
    );
    expect(await described("rm /srv/a && id")).toBe("move rm /srv/a from line 4 to the end of line 2");
    expect(await described("rm /srv/a /srv/x")).toBe("move rm /srv/a from line 4 to the end of line 2");
  });
});

describe("an unsafe move, and why", () => {
  const made = "RUN curl -o /srv/a https://example.org/a";
  test.each([
    ["unknown, then known", `${made}\nRUN make\nRUN useradd u\nRUN rm /srv/a\n`, /^line 3 may use/],
    ["a name that ends like root's", `USER nonroot\n${made}\nUSER app\nRUN rm /srv/a\n`, /^different users/],
    [
      "the RUN that makes it ends in another folder",
      "WORKDIR /srv\nRUN curl -o a https://example.org/a && cd /opt\nENV A=1\nRUN rm a\n",
      /same folder/,
    ],
    ["a cache of its own", "RUN CACHE=/x npm ci\nENV A=1\nRUN npm cache clean --force\n", /moves the cache/],
    [
      "a home of its own, exported with others",
      "RUN npm ci\nENV A=1\nRUN export A=1 XDG_CACHE_HOME=/xyz && npm cache clean --force\n",
      /moves the cache or HOME/,
    ],
    [
      "the program that cleans takes itself away",
      "RUN npm ci && npm uninstall -g npm\nENV A=1\nRUN npm cache clean --force\n",
      /npm may remove npm/,
    ],
    [
      "an rm takes the program away, before another command",
      "RUN npm ci && rm -rf /usr/local/lib && id\nENV A=1\nRUN npm cache clean --force\n",
      /rm may remove npm/,
    ],
    [
      "a cleaner that cannot be cut out",
      "RUN dnf install -y jq\nENV A=1\nRUN dnf clean all || mkdir /x\n",
      /continues if the rm fails/,
    ],
  ])("%s", async (_, dockerfile, wanted) => {
    expect(await safety(dockerfile)).toMatch(wanted);
  });

  test("a relative glob gets its folder", async () => {
    const get = "WORKDIR /srv\nRUN git clone https://example.org/x.git x";
    expect(await fixedUnsafely(`${get}\nWORKDIR /\nRUN rm -rf srv/x/*\n`)).toBe(
      `${get} && rm -rf /srv/x/*\nWORKDIR /\n`,
    );
  });
});

describe("there is no edit of the text", () => {
  const get = "RUN curl -o /srv/a https://example.org/a\nENV A=1\n";
  test.each([
    [
      "where the RUN that deletes is a heredoc with a blank in its name",
      `${get}RUN <<"E F"\nrm /srv/a\nE F\n`,
    ],
    ["where the rm has a variable of its own", `${get}RUN A=1 rm -f /srv/a\n`],
    ["where an rm -f is in a subshell", `${get}RUN ( rm -f /srv/a )\n`],
    ["where an rm -f is behind sudo", `${get}RUN sudo rm -f /srv/a\n`],
    ["where an option stands in quotes", `${get}RUN rm "-f" /srv/a\n`],
    ["where the cleaner has an unknown word", "RUN npm ci\nENV A=1\nRUN npm cache clean --force $X\n"],
  ])("%s", async (_, dockerfile) => {
    expect(await editsOf(deletedLater, { dockerfile: from + dockerfile })).toEqual([]);
  });
});

describe("RUNs become one", () => {
  const get = "RUN curl -o /srv/a https://example.org/a";
  test("where the first would end before an rm", async () => {
    expect(await fixedUnsafely(`${get} && exit 0\nRUN rm /srv/a\n`)).toBe(
      `RUN ( ${get.slice(4)} && exit 0 ) \\\n    && rm /srv/a\n`,
    );
  });

  test("and the next stays", async () => {
    expect(await fixedUnsafely(`${get}\nRUN cat /srv/a && rm /srv/a\nRUN id\n`)).toBe(
      `${get} \\\n    && cat /srv/a && rm /srv/a\nRUN id\n`,
    );
  });

  test("where a file moves, at the cost of the build cache alone", async () => {
    expect(await safety(`${get}\nRUN mv /srv/a /usr/bin/a\n`)).toMatch(/^a change to one of these lines/);
  });
});

describe("what stays where a cache is filled again, and what goes there too", () => {
  const described = async (dockerfile: string) => {
    const [fix] = await editsOf(deletedLater, { dockerfile: `FROM base:1\n${dockerfile}` });
    return fix?.description ?? "";
  };
  const update = "RUN apt-get update && apt-get install -y";

  test("an rm without -f, whose files are there again", async () => {
    expect(await described(`${update} a\n${update} b && rm -r /var/lib/apt/lists/*\n`)).toMatch(/ too$/);
  });

  test("one of two paths only", async () => {
    expect(
      await described(
        `${update} a && curl -o /srv/a https://example.org/a\n${update} b\nRUN rm -rf /var/lib/apt/lists/* /srv/a\n`,
      ),
    ).not.toMatch(/ too$/);
  });

  test("a command that packs the cache", async () => {
    expect(
      await described("RUN npm ci\nRUN npm ci && tar -cf /x.tar /root/.npm && npm cache clean --force\n"),
    ).not.toMatch(/ too$/);
  });
});

describe("a mount, where the RUN that deletes", () => {
  const mounted = "RUN --mount=type=bind,source=tool.deb,target=/tmp/tool.deb dpkg -i /tmp/tool.deb";
  test.each([
    ["deletes other files too", "dpkg -i /tmp/tool.deb && rm /tmp/tool.deb /srv/x\n", " && rm /srv/x\n"],
    [
      "has an unknown program behind it",
      "dpkg -i /tmp/tool.deb && rm /tmp/tool.deb\nRUN ./setup\n",
      "\nRUN ./setup\n",
    ],
  ])("%s", async (_, run, wanted) => {
    expect(await fixedUnsafely(`COPY tool.deb /tmp/\nRUN ${run}`)).toBe(mounted + wanted);
  });

  test.each([
    ["moves it", "FROM a\nCOPY tool.deb /tmp/\nRUN dpkg -i /tmp/tool.deb && mv /tmp/tool.deb /srv/\n"],
    [
      "is in another stage",
      "FROM b AS a\nCOPY tool.deb /tmp/\nFROM a\nRUN dpkg -i /tmp/tool.deb && rm /tmp/tool.deb\n",
    ],
  ])("but none where it %s", async (_, dockerfile) => {
    expect(await editsOf(deletedLater, { dockerfile })).toEqual([]);
  });
});

test("an rm whose failure decides about its RUN does not move to the last use: the RUNs are joined", async () => {
  const unpack = "RUN curl -fo /srv/a.tgz https://example.org/a\nRUN tar -xf /srv/a.tgz -C /opt\n";
  expect(await fixedUnsafely(`${unpack}RUN useradd app; rm /srv/a.tgz\n`)).toBe(
    "RUN curl -fo /srv/a.tgz https://example.org/a \\\n    && tar -xf /srv/a.tgz -C /opt \\\n    && ( useradd app; rm /srv/a.tgz )\n",
  );
});
