import { expect, test } from "vitest";
import type { HistoryEntry } from "../../src/image/image.ts";
import { builderOf } from "../../src/origin/builder-of.ts";

const buildkit = "buildkit.dockerfile.v0";
const entry = (createdBy: string, more: Partial<HistoryEntry> = {}): HistoryEntry => ({
  createdBy,
  emptyLayer: false,
  ...more,
});

test.each([
  ["BuildKit's comment", [entry("RUN /bin/sh -c id # buildkit", { comment: buildkit })], "buildkit"],
  ["kaniko's author", [entry("RUN id", { author: "kaniko" })], "kaniko"],
  ["two blanks of the classic builder", [entry('/bin/sh -c #(nop)  CMD ["sh"]')], "docker-classic"],
  ["one blank of buildah", [entry('/bin/sh -c #(nop) CMD ["sh"]')], "buildah"],
  ["buildah's comment", [entry("/bin/sh -c id", { comment: "FROM a1b2c3d4e5f6" })], "buildah"],
  ["a COPY that both write alike", [entry("/bin/sh -c #(nop) COPY file:0a in /x ")], undefined],
  ["a RUN that both write alike", [entry("/bin/sh -c id")], undefined],
  ["an instruction of an unknown program", [entry("RUN id")], undefined],
  [
    "the last instruction, whatever made the base",
    [entry('/bin/sh -c #(nop)  CMD ["sh"]'), entry("COPY a / # buildkit", { comment: buildkit })],
    "buildkit",
  ],
  [
    "a RUN above a base of BuildKit",
    [entry("COPY a / # buildkit", { comment: buildkit }), entry("/bin/sh -c id")],
    undefined,
  ],
  ["no entry", [], undefined],
  ["no history", undefined, undefined],
])("%s", (_, history, wanted) => {
  expect(builderOf({ history })).toBe(wanted);
});
