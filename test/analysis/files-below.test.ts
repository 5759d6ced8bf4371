import { describe, expect, test } from "vitest";
import { isMadeLater, unknownName } from "../../src/analysis/ownership/account-names.ts";
import { filesBelow, isUserFile } from "../../src/analysis/ownership/files-below.ts";
import { subjectOf, type SubjectSketch } from "../support/subject.ts";

/** The files below the last instruction. */
async function below(sketch: SubjectSketch) {
  const { dockerfile, image } = await subjectOf({ keep: isUserFile, ...sketch });
  return filesBelow(image!, dockerfile!.steps.at(-1)!.instruction);
}

test("what the layers below an instruction have, and what it makes itself", async () => {
  const files = (await below({
    dockerfile: "FROM a\nRUN x\nCOPY f /srv/f\n",
    layers: ["srv/ srv/g(1)", "srv/ srv/f(1) srv/d/ srv/l→f"],
  }))!;
  const paths = ["/", "/srv", "/srv/g", "/srv/f", "/sr", "/srv/gg", "/g"];
  expect(paths.filter((path) => files.has(path))).toEqual(["/", "/srv", "/srv/g"]);
  expect(["/srv/f", "/srv/d", "/srv/l", "/srv/g", "/f"].filter((path) => files.madeFile(path))).toEqual([
    "/srv/f",
  ]);
});

test("nothing is known below an instruction without a layer", async () => {
  expect(await below({ dockerfile: "FROM a\nRUN x\nCMD y\n", layers: ["a(1)"] })).toBeUndefined();
});

describe("accounts", () => {
  const dockerfile = "FROM a\nRUN one\nRUN two\nRUN three\nCOPY f /f\n";
  const passwd = (names: string) => `etc/ etc/passwd(${JSON.stringify(names)})`;

  test("are those of the last file below", async () => {
    const files = (await below({
      dockerfile,
      layers: [passwd("root:x\nold:x\n"), passwd("root:x\napp:x\n"), "b(1)", "f(1)"],
    }))!;
    const names = ["root", "app", "old", "ap", "x"];
    expect(names.filter((name) => files.knows("user", name))).toEqual(["root", "app"]);
    expect(files.knows("user", "old")).toBe(false);
    expect(files.knows("group", "app")).toBeUndefined();
  });

  test("are not known where the content was not read", async () => {
    const layers = [passwd("app:x\n"), passwd("app:x\n"), "b(1)", "f(1)"];
    expect((await below({ dockerfile, layers, keep: () => false }))!.knows("user", "app")).toBeUndefined();
  });
});

/** The steps of a Dockerfile. */
async function steps(...lines: string[]) {
  const { dockerfile } = await subjectOf({ dockerfile: `FROM a\n${lines.join("\n")}\n` });
  return dockerfile!.steps;
}

test.each([
  ["RUN useradd app", "app:app", undefined],
  ["RUN useradd app", "app", undefined],
  ["RUN useradd app", "ap", "ap"],
  ["RUN useradd -g users app", "app:app", "app"],
  ["RUN useradd --gid 5 app", "app:app", "app"],
  ["RUN useradd -N app", "app:app", "app"],
  ["RUN useradd -u 5 app", "app:app", undefined],
  ["RUN adduser app www-data", "app:www-data", undefined],
  ["RUN groupadd app", "app", "app"],
  ["RUN groupadd app", ":app", undefined],
  ["RUN groupadd other", ":app", "app"],
  ["RUN addgroup --system app", "0:app", undefined],
  ["RUN id || useradd app", "app", "app"],
  ["RUN id", "root:root", undefined],
  ["RUN id", "0:12", undefined],
  ["RUN id", "12a", "12a"],
  ["RUN id", "1:12a", "12a"],
  ["RUN echo app", "app", "app"],
])("after %s, of %s this name is unknown: %s", async (line, value, unknown) => {
  expect(unknownName(value, await steps(line), undefined)).toBe(unknown);
});

describe("a name that is unknown at the COPY may be made later", () => {
  test.each([
    ["by a command for accounts", "RUN useradd app"],
    ["by a package", "RUN apt-get install -y nginx"],
    ["by a script", "RUN ./setup"],
    ["by a line that is added", "RUN echo app:x:1:1 >> /etc/passwd"],
    ["by a command that names the file", "RUN sed -i s/a/b/ /etc/group"],
    ["by a COPY", "COPY passwd /etc/"],
    ["by one file of several", "COPY a passwd /etc/"],
    ["by a COPY to an unknown place", "COPY passwd $X"],
    ["by a script that is not understood", "RUN id 'x"],
  ])("%s", async (_, line) => {
    expect(isMadeLater("app", [], await steps(line), undefined)).toBe(true);
  });

  test("by a shell that is not POSIX", async () => {
    expect(isMadeLater("app", [], await steps('SHELL ["pwsh", "-c"]', "RUN x"), undefined)).toBe(true);
  });

  test.each(["RUN id", "COPY a /srv/", "USER app", "RUN echo x > /srv/passwd"])("not by %s", async (line) => {
    expect(isMadeLater("app", [], await steps(line), undefined)).toBe(false);
  });

  test("a name that is known is not", async () => {
    const all = await steps("RUN useradd app", "RUN useradd other");
    expect(isMadeLater("app", all.slice(0, 1), all.slice(1), undefined)).toBe(false);
  });
});
