import { describe, expect, test } from "vitest";
import { deletionsIn } from "../../src/analysis/steps/deletions.ts";
import { subjectOf } from "../support/subject.ts";

/** `2 → 4 /srv/a`: line 4 deletes what line 2 made. */
async function deletions(dockerfile: string): Promise<string[]> {
  const subject = await subjectOf({ dockerfile: `FROM debian:12\n${dockerfile}` });
  return deletionsIn(subject.dockerfile!.steps).map(
    ({ adder, remover, creations }) =>
      `${adder.instruction.line} → ${remover.instruction.line} ${creations.map(({ path }) => path).join(" ")}`,
  );
}

test("one rm of a folder with two files is one removal", async () => {
  const dockerfile =
    "FROM a\nRUN curl -o /srv/a https://h/a && curl -o /srv/b https://h/b\nRUN rm -rf /srv && rm -rf /srv\n";
  const { dockerfile: view } = await subjectOf({ dockerfile });
  const [deletion, ...others] = deletionsIn(view!.steps);
  expect(others).toEqual([]);
  expect(deletion!.removals.map(({ removal }) => removal.path)).toEqual(["/srv"]);
});

const get = "RUN curl -o /srv/a https://h/x\n";

describe("what one instruction makes for sure, another one deletes for sure", () => {
  test.each([
    ["a download", `${get}RUN rm /srv/a\n`, ["2 → 3 /srv/a"]],
    ["a COPY", "COPY a.tgz /srv/\nRUN rm /srv/a.tgz\n", ["2 → 3 /srv/a.tgz"]],
    ["an ADD", "ADD https://h/a.tgz /srv/\nRUN rm /srv/a.tgz\n", ["2 → 3 /srv/a.tgz"]],
    ["by its folder", `${get}RUN rm -rf /srv\n`, ["2 → 3 /srv/a"]],
    ["by a glob of its folder", `${get}RUN rm -f /srv/*\n`, ["2 → 3 /srv/a"]],
    ["a file that is written twice: the second", `${get}${get}RUN rm /srv/a\n`, ["3 → 4 /srv/a"]],
    [
      "a file that is deleted twice: the first time",
      `${get}RUN rm /srv/a\nRUN rm -f /srv/a\n`,
      ["2 → 3 /srv/a"],
    ],
    [
      "a folder beside a file that is written again",
      "RUN git clone https://h/x /srv/x\nRUN curl -o /srv/y https://h/y\nRUN rm -rf /srv/x\n",
      ["2 → 4 /srv/x"],
    ],
    ["beside a secret mount", `${get}RUN --mount=type=secret,id=x rm /srv/a\n`, ["2 → 3 /srv/a"]],
    [
      "beside a mount of something else",
      `${get}RUN --mount=type=cache,target=/c rm /srv/a\n`,
      ["2 → 3 /srv/a"],
    ],
    [
      "a cache that its own command empties",
      "RUN dnf install -y x\nRUN dnf clean all\n",
      ["2 → 3 /var/cache/dnf"],
    ],
    [
      "an rm before the file is made",
      `RUN rm -f /srv/a && curl -o /srv/a https://h/x\nRUN rm /srv/a\n`,
      ["2 → 3 /srv/a"],
    ],
    [
      "a file in a folder above which something else goes",
      `${get}RUN rm -rf /srv/b && rm /srv/a\n`,
      ["2 → 3 /srv/a"],
    ],
  ])("%s", async (_, dockerfile, wanted) => {
    expect(await deletions(dockerfile)).toEqual(wanted);
  });

  test.each([
    ["the RUN deletes it itself", `RUN curl -o /srv/a https://h/x && rm /srv/a\nRUN rm -f /srv/a\n`],
    ["the RUN may delete it itself", `RUN curl -o /srv/a https://h/x && rm $X\nRUN rm -f /srv/a\n`],
    [
      "the RUN may delete it before, in a loop",
      `RUN if x; then rm /srv/*; fi; curl -o /srv/a https://h/x\nRUN rm -f /srv/a\n`,
    ],
    ["a trap may delete it", `RUN trap 'rm /srv/a' EXIT && curl -o /srv/a https://h/x\nRUN rm -f /srv/a\n`],
    ["the download may not run", `RUN x || curl -o /srv/a https://h/x\nRUN rm -f /srv/a\n`],
    ["the rm may not run", `${get}RUN x || rm /srv/a\n`],
    ["another file is deleted", `${get}RUN rm /srv/b\n`],
    ["rm without -r would fail for the folder", "RUN git clone https://h/x /srv/x\nRUN rm /srv/x\n"],
    ["rm -f of a glob takes no folder", "RUN git clone https://h/x /srv/x\nRUN rm -f /srv/*\n"],
    ["rm -f of a glob reaches no deeper file", "RUN curl -o /srv/x/a https://h/x\nRUN rm -f /srv/*\n"],
    ["rm without -r reaches nothing in a folder", `${get}RUN rm -f /srv\n`],
    ["a glob leaves names with a dot", "RUN curl -o /srv/.a https://h/x\nRUN rm -rf /srv/*\n"],
    ["it lies in a volume", `VOLUME /srv\n${get}RUN rm /srv/a\n`],
    ["it lies in a volume whose name is not known", `VOLUME $X\n${get}RUN rm /srv/a\n`],
    ["it is copied into a volume", "VOLUME /srv\nCOPY a.tgz /srv/\nRUN rm /srv/a.tgz\n"],
    ["it lies in a volume from then on", `${get}VOLUME /srv\nRUN rm /srv/a\n`],
    [
      "it is made in a mount",
      `RUN --mount=type=cache,target=/srv curl -o /srv/a https://h/x\nRUN rm -f /srv/a\n`,
    ],
    ["a mount lies over it", `${get}RUN --mount=type=tmpfs,target=/srv rm -f /srv/a\n`],
    ["a mount may lie over it", `${get}ARG T\nRUN --mount=type=tmpfs,target=$T rm -f /srv/a\n`],
    ["another shell deletes it", `${get}SHELL ["pwsh", "-c"]\nRUN rm /srv/a\n`],
    ["the script is not understood", `${get}RUN rm /srv/a && x 'y\n`],
    ["another manager's cache is emptied", "RUN dnf install -y x\nRUN zypper clean --all\n"],
    ["the whole image would go", `${get}RUN rm -rf /*\n`],
  ])("nothing is said where %s", async (_, dockerfile) => {
    expect(await deletions(dockerfile)).toEqual([]);
  });
});
