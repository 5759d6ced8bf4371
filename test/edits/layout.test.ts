import { expect, test } from "vitest";
import { indentAt, lineBreakOf, lineEnd, lineStart } from "../../src/edits/layout.ts";

test.each([
  ["in front of its newline", "ab\ncd", 0, 2],
  ["in front of a carriage return and a newline", "ab\r\ncd", 1, 2],
  ["behind a carriage return that is asked about", "ab\r\ncd", 2, 2],
  ["at the newline itself, whatever stands before", "ab\r\ncd", 3, 3],
  ["at once, where the line is empty", "\nab", 0, 0],
  ["behind the last character without a newline", "ab\ncd", 3, 5],
  ["behind a carriage return alone", "a\rb", 0, 3],
])("a line ends %s", (_, text, offset, end) => {
  expect(lineEnd(text, offset)).toBe(end);
});

test.each([
  ["ab\ncd", 0, 0],
  ["ab\ncd", 2, 0],
  ["ab\ncd", 3, 3],
  ["ab\ncd", 5, 3],
])("the line of %j at %i starts at %i", (text, offset, start) => {
  expect(lineStart(text, offset)).toBe(start);
});

test("the indentation is the blanks of the line, up to the offset", () => {
  expect(indentAt("a\n \tb c", 6)).toBe(" \t");
  expect(indentAt("a\n   b", 3)).toBe(" ");
  expect(indentAt("a  b", 4)).toBe("");
});

test("one carriage return and newline says how the file breaks its lines", () => {
  expect(lineBreakOf("a\r\nb")).toBe("\r\n");
  expect(lineBreakOf("a\nb\r")).toBe("\n");
});
