import { expect, test } from "vitest";
import { syntax } from "../../../rules/instructions/syntax.ts";
import { findingsOf } from "../../support/subject.ts";

const find = (dockerfile: string) => findingsOf(syntax, { dockerfile });

test("an unknown instruction is an error at its own place", async () => {
  const text = "FROM alpine\nRUN true\nCOPPY a /a\n";
  const findings = await find(text);
  expect(findings).toHaveLength(1);
  const place = findings[0]?.locations[0];
  expect(place?.instruction?.line).toBe(3);
  expect(text.slice(place?.range?.start, place?.range?.end)).toContain("COPPY");
  expect(findings[0]?.evidence).toBe("dockerfile");
});

test("every problem is a finding of its own", async () => {
  expect((await find("FROM alpine\nRUNN true\nCOPPY a /a\n")).length).toBeGreaterThanOrEqual(2);
});

test("a file whose first instruction fails gives one error", async () => {
  for (const text of [
    "{% if x %}\nFROM {{ base }}\n{% endif %}\nRUNN true\n",
    "#!/bin/sh\ndocker build .\ndocker push x\n",
    "RUN true\nCOPPY a /a\n",
  ]) {
    const findings = await find(text);
    expect(findings.map(({ locations }) => locations[0]?.instruction?.index)).toEqual([0]);
  }
});

test("a heredoc without end is an error", async () => {
  expect(await find("FROM alpine\nRUN <<EOF\necho hello\n")).toHaveLength(1);
});

test("an empty file is an error with a place", async () => {
  const findings = await find("");
  expect(findings).toHaveLength(1);
  expect(findings[0]?.locations).toHaveLength(1);
});

test("unknown flags, CRLF and lower case are no errors", async () => {
  expect(await find("from alpine\r\ncopy --surprise=1 a /a\r\nrun echo \\\r\n  hello\r\n")).toEqual([]);
});
