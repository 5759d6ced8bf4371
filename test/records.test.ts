import { expect, test } from "vitest";
import { errorCode, fieldOf, isRecord } from "../src/records.ts";

test("lists, null and texts are no records", () => {
  expect([{}, new Error("x")].every(isRecord)).toBe(true);
  expect([[], null, undefined, "text", 1, () => {}].some(isRecord)).toBe(false);
});

test("a field is found through records only", () => {
  const value = { a: { b: 1 }, list: [{ b: 2 }], text: "abc" };
  expect(fieldOf(value, "a", "b")).toBe(1);
  expect(fieldOf(value)).toBe(value);
  expect(fieldOf(value, "list", "0")).toBeUndefined();
  expect(fieldOf(value, "text", "length")).toBeUndefined();
  expect(fieldOf(undefined, "a")).toBeUndefined();
});

test("an error without a text as its code has none", () => {
  expect(errorCode(Object.assign(new Error("gone"), { code: "ENOENT" }))).toBe("ENOENT");
  expect(errorCode(Object.assign(new Error("odd"), { code: 7 }))).toBeUndefined();
  expect(errorCode(new Error("plain"))).toBeUndefined();
  expect(errorCode("ENOENT")).toBeUndefined();
});
