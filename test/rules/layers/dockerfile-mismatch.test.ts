import { expect, test } from "vitest";
import { dockerfileMismatch } from "../../../rules/layers/dockerfile-mismatch.ts";
import { findingsOf, type SubjectSketch } from "../../support/subject.ts";

const find = (sketch: SubjectSketch) => findingsOf(dockerfileMismatch, sketch);
const run = (command: string) => ({
  createdBy: `RUN /bin/sh -c ${command} # buildkit`,
  comment: "buildkit.dockerfile.v0",
  emptyLayer: false,
});

test("an instruction that the history does not know is named with its line", async () => {
  const findings = await find({
    dockerfile: "FROM a\nRUN first step\nRUN second step\nRUN third step\n",
    history: [run("first step"), run("third step")],
    layers: ["a(5)", "b(5)"],
  });
  expect(findings.map(({ message }) => message)).toEqual([
    "line 3 (RUN second step) is not in the history of the image",
  ]);
  expect(findings[0]?.locations[0]?.instruction?.line).toBe(3);
});

test("a layer that no instruction made is named with its command", async () => {
  const findings = await find({
    dockerfile: "FROM a\nRUN first step\nRUN third step\n",
    history: [run("first step"), run("second step"), run("third step")],
    layers: ["a(5)", "b(5)", "c(5)"],
  });
  expect(findings.map(({ message }) => message)).toEqual([
    "no instruction of the Dockerfile created layer 1 (RUN second step)",
  ]);
});

test("where nothing matches there is one finding, at the FROM", async () => {
  const findings = await find({
    dockerfile: "FROM a\nRUN first step\nCOPY x /x\n",
    history: [run("make"), run("make install")],
    layers: ["a(5)", "b(5)"],
  });
  expect(findings).toHaveLength(1);
  expect(findings[0]?.message).toMatch(/^this Dockerfile did not build this image/);
  expect(findings[0]?.locations[0]?.instruction?.line).toBe(1);
});

test("it is silent about a Dockerfile alone and an image alone", async () => {
  expect(await find({ dockerfile: "FROM a\nRUN x\n" })).toEqual([]);
  expect(await find({ layers: ["a(5)"], history: [run("x")] })).toEqual([]);
});

test("an image without history, or with another number of layers in it, is no other Dockerfile's", async () => {
  const dockerfile = "FROM a\nRUN make\n";
  const layers = ["a(5)", "b(5)"];
  const none = await find({ dockerfile, layers, history: [] });
  expect(none.map(({ message }) => message)).toEqual([
    "the image has no history, so it is unknown which line created which layer",
  ]);
  const fewer = await find({ dockerfile, layers, history: [run("make")] });
  expect(fewer.map(({ message }) => message)).toEqual([
    "the history and the image have different numbers of layers, so no line can be named",
  ]);
});

test("a line that was built in another place is one finding, which contradicts no other", async () => {
  const findings = await find({
    dockerfile: "FROM a\nRUN first step\nRUN last step\nRUN second step\n",
    history: [run("first step"), run("second step"), run("last step")],
    layers: ["a(5)", "b(5)", "c(5)"],
  });
  expect(findings.map(({ message }) => message)).toEqual([
    "layer 1 (RUN second step) has the text of line 4, but was not built from it: it stands in another order, or runs in another shell",
  ]);
});
