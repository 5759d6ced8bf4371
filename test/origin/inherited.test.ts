/** What a base image sets for the Dockerfile on it: SHELL, USER, WORKDIR, ENV, ONBUILD. */
import { describe, expect, test } from "vitest";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import type { HistoryEntry, ImageConfig } from "../../src/image/image.ts";
import { makeSubject } from "../../src/lint/make-subject.ts";
import { link, type LinkOptions } from "../../src/origin/link.ts";
import { factsOf } from "../support/history-samples.ts";

const bash = ["/bin/bash", "-o", "pipefail", "-c"];

/** A history entry: of BuildKit where it names a keyword, else as it stands. Metadata makes no layer. */
function entry(createdBy: string): HistoryEntry {
  const isBuildKit = /^[A-Z]+ /.test(createdBy);
  const isEmpty = /^(?:[^#]*#\(nop\) +)?(?:SHELL|USER|ENV|CMD|ONBUILD|LABEL|label|env|expose|shell)/.test(
    createdBy,
  );
  return { createdBy, emptyLayer: isEmpty, ...(isBuildKit ? { comment: "buildkit.dockerfile.v0" } : {}) };
}

function linked(
  history: readonly string[],
  text: string,
  config: Partial<ImageConfig> = {},
  options: LinkOptions = {},
) {
  const facts = factsOf(history.map(entry));
  const image = { ...facts, config: { ...facts.config, ...config } };
  const { view, origins } = link(image, parseDockerfile(text, "Dockerfile"), options);
  return {
    image,
    view,
    origins,
    lines: origins.links.map(({ instruction }) => instruction?.line ?? 0),
    certainties: origins.layers.filter(({ inBase }) => !inBase).map(({ certainty }) => certainty),
  };
}

const debian = "# debian.sh --arch 'amd64' out/ 'bookworm'";
const busybox = "BusyBox 1.35.0 (glibc), Debian 12";

describe("an inherited SHELL", () => {
  const text = "FROM corp/bash:1\nRUN seq 1 60000 > /opt/big\nRUN rm /opt/big\n";

  test("is the image's where the Dockerfile sets none: BuildKit", () => {
    const { lines, certainties, view, origins } = linked(
      [
        debian,
        `SHELL [${bash.join(" ")}]`,
        `RUN ${bash.join(" ")} seq 1 60000 > /opt/big # buildkit`,
        `RUN ${bash.join(" ")} rm /opt/big # buildkit`,
      ],
      text,
      { shell: bash },
    );
    expect(lines).toEqual([0, 0, 2, 3]);
    expect(certainties).toEqual(["exact", "exact"]);
    expect(origins.mismatches).toEqual([]);
    expect(view?.steps[0]?.scope.shell).toEqual(bash);
    expect(view?.steps[0]?.script?.shell).toBe("posix");
  });

  test("is the image's where the Dockerfile sets none: the classic builder", () => {
    const shell = "/bin/sh -e -c";
    const { lines, certainties, origins } = linked(
      [
        busybox,
        `${shell} #(nop)  SHELL [${shell}]`,
        `${shell} mkdir /opt`,
        `${shell} seq 1 60000 > /opt/big`,
        `${shell} rm /opt/big`,
      ],
      text,
      { shell: shell.split(" ") },
    );
    expect(lines).toEqual([0, 0, 0, 2, 3]);
    expect(certainties).toEqual(["exact", "exact"]);
    expect(origins.base).toEqual({ layers: 2, history: 3, foundBy: "dockerfile" });
  });

  test.each([
    [
      "BuildKit",
      (shell: string, words: string) => `RUN ${shell} ${words} # buildkit`,
      (s: string) => `SHELL [${s}]`,
    ],
    [
      "the classic builder",
      (shell: string, words: string) => `${shell} ${words}`,
      (s: string) => `${s} #(nop)  SHELL [${s}]`,
    ],
  ])("is the base's above the line that resets it, and the boundary stays: %s", (_, run, shell) => {
    const { lines, origins, view } = linked(
      [
        debian,
        shell(bash.join(" ")),
        run(bash.join(" "), "seq 1 60000 > /opt/big"),
        shell("/bin/sh -c"),
        run("/bin/sh -c", "rm /opt/big"),
      ],
      'FROM corp/bash:1\nRUN seq 1 60000 > /opt/big\nSHELL ["/bin/sh", "-c"]\nRUN rm /opt/big\n',
      { shell: ["/bin/sh", "-c"] },
    );
    expect(lines).toEqual([0, 0, 2, 3, 4]);
    expect(origins.base).toEqual({ layers: 1, history: 2, foundBy: "dockerfile" });
    expect(view?.steps.map(({ scope }) => scope.shell[0])).toEqual(["/bin/bash", "/bin/bash", "/bin/sh"]);
  });

  test("is that of the image given to --base, which may have no history", () => {
    const base = factsOf([{ emptyLayer: false }]).config;
    const shell = ["/bin/ash", "-o", "errexit"];
    const { lines, origins } = linked(
      ["", `RUN ${shell.join(" ")} make # buildkit`, `SHELL [/bin/sh -c]`],
      'FROM a\nRUN make\nSHELL ["/bin/sh", "-c"]\n',
      {},
      { origin: { bases: [{ ...base, shell }] } },
    );
    expect(lines).toEqual([0, 2, 3]);
    expect(origins.matches).toBe(true);
  });

  test("of another Dockerfile's image is not believed", () => {
    const { origins, view } = linked([debian, "RUN /bin/bash -c make # buildkit"], "FROM a\nRUN ls\n", {
      shell: ["/bin/bash", "-c"],
    });
    expect(origins.matches).toBe(false);
    expect(view?.steps[0]?.scope.shell).toEqual(["/bin/sh", "-c"]);
  });
});

test("USER, WORKDIR and ENV that the Dockerfile leaves alone are those of the image", () => {
  const { view, lines, certainties } = linked(
    [debian, "WORKDIR /srv", "RUN /bin/sh -c make # buildkit", "COPY a /opt/tools/bin # buildkit"],
    "FROM a\nRUN make\nCOPY a $TOOLS/bin\nENV OWN=1\n",
    { user: "1000", workingDir: "/srv", env: ["PATH=/bin", "TOOLS=/opt/tools", "OWN=1"] },
  );
  const scope = view?.steps[0]?.scope;
  expect(scope).toMatchObject({ user: "1000", workdir: "/srv" });
  expect([...(scope?.env ?? [])]).toEqual([
    ["PATH", "/bin"],
    ["TOOLS", "/opt/tools"],
  ]);
  expect(lines).toEqual([0, 0, 2, 3]);
  expect(certainties.at(-1)).toBe("exact");
});

test("USER and WORKDIR that the Dockerfile changes are the last ones below its own", () => {
  const { view } = linked(
    [
      debian,
      "USER builder",
      "WORKDIR /srv",
      "RUN /bin/sh -c make # buildkit",
      "USER app",
      "WORKDIR /srv/app",
    ],
    "FROM a\nRUN make\nUSER app\nWORKDIR app\n",
    { user: "app", workingDir: "/srv/app" },
  );
  expect(view?.steps[0]?.scope).toMatchObject({ user: "builder", workdir: "/srv" });
});

test("a stage FROM another image inherits nothing", () => {
  const { view } = linked(
    [debian, "RUN /bin/sh -c make # buildkit"],
    "FROM b AS tools\nRUN ls\nFROM a AS same\nRUN ls\nFROM a\nRUN make\n",
    { user: "1000" },
  );
  expect(view?.stages.map(({ steps }) => steps[0]?.scope.user)).toEqual([undefined, "1000", "1000"]);
});

describe("the triggers of the base's ONBUILD", () => {
  const history = [
    debian,
    "RUN /bin/sh -c npm ci # buildkit",
    "WORKDIR /app",
    "RUN /bin/sh -c make # buildkit",
  ];
  const text = "FROM node:onbuild\nRUN make\n";
  const base = { ...factsOf([entry(debian)]).config, onBuild: ["RUN npm ci", "WORKDIR /app"] };

  test("made their layers: no line did, and nothing is missing", () => {
    const { lines, origins } = linked(history, text, {}, { origin: { bases: [base] } });
    expect(lines).toEqual([0, 0, 0, 2]);
    expect(origins.mismatches).toEqual([]);
    expect(origins.layers.map(({ inBase }) => inBase)).toEqual([true, false, false, false]);
  });

  test("are in force for the lines after them", () => {
    const { view } = linked(history, text, {}, { origin: { bases: [base] } });
    expect(view?.steps[0]?.scope.workdir).toBe("/app");
    expect(view?.triggers.map(({ keyword }) => keyword)).toEqual(["RUN", "WORKDIR"]);
  });
});

test("a Dockerfile alone has what the image given to --base sets", async () => {
  const bases = [{ ...factsOf([]).config, shell: bash, user: "app" }];
  const subject = await makeSubject({
    dockerfile: { name: "Dockerfile", text: "FROM a\nRUN ls | wc\n" },
    origin: { bases },
  });
  expect(subject.dockerfile?.steps[0]?.scope).toMatchObject({ shell: bash, user: "app", workdir: "/" });
  const several = await makeSubject({
    dockerfile: { name: "Dockerfile", text: "FROM a\nRUN ls | wc\n" },
    origin: { bases: [...bases, ...bases] },
  });
  expect(several.dockerfile?.steps[0]?.scope.user).toBeUndefined();
});

describe("keywords", () => {
  test("that buildah records in lower case are linked", () => {
    const nop = (line: string) => `/bin/sh -c #(nop) ${line}`;
    const body = ["label a=b", "env X=1", "expose 80", 'shell ["/bin/sh","-c"]'];
    const { lines, origins } = linked(
      [busybox, "/bin/sh -c echo a > /a", ...body.map(nop)],
      `from busybox:1.35\nrun echo a > /a\n${body.join("\n")}\n`,
    );
    expect(lines).toEqual([0, 2, 3, 4, 5, 6]);
    expect(origins.mismatches).toEqual([]);
  });

  test.each(["run make all", "RUN make all"])("that kaniko records are the line: %s", (createdBy) => {
    const facts = factsOf([entry(debian), { createdBy, author: "kaniko", emptyLayer: false }]);
    const { origins } = link(facts, parseDockerfile("FROM a\nrun make all\n", "Dockerfile"));
    expect(origins.layers.map(({ certainty }) => certainty)).toEqual(["none", "exact"]);
  });

  test("in lower case are programs where no builder records them so", () => {
    const { origins } = linked([debian, "env X=1"], 'FROM a\nENV X=1\nRUN ["env", "X=1"]\n');
    expect(origins.links[1]?.instruction?.keyword).toBe("RUN");
  });
});

test("an entry with the text of an unlinked line is one mismatch, not two that contradict each other", () => {
  const { origins } = linked(
    [debian, ...["first", "one", "two", "three"].map((command) => `RUN /bin/sh -c ${command} # buildkit`)],
    "FROM a\nRUN first\nRUN three\nRUN one\nRUN two\n",
  );
  expect(origins.mismatches.map(({ layer, instruction }) => [layer, instruction?.line])).toEqual([[4, 3]]);
});
