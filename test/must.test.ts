/** What must be there, and the error where it is not. */
import { expect, test } from "vitest";
import { UserError } from "../src/errors.ts";
import { defined } from "../src/defined.ts";
import { itemAt, lastItem, must } from "../src/must.ts";

test("an existing item is returned, also a falsy one", () => {
  expect(itemAt([1, 0], 1)).toBe(0);
  expect(itemAt("ab", 0)).toBe("a");
  expect(lastItem(["a", ""])).toBe("");
  expect(must(false, "it")).toBe(false);
});

test.each([
  () => itemAt([1], 1),
  () => itemAt([1], -1),
  () => lastItem([]),
  () => must(undefined, "the stage"),
  () => must(null, "the stage"),
])("what is missing is a bug, not a mistake of the user", (take) => {
  expect(take).toThrow(/a bug$/);
  expect(take).not.toThrow(UserError);
});

test("defined leaves out what is undefined, and nothing else, in the order given", () => {
  const value = defined({ z: undefined, b: 0, a: "", c: null, d: false, y: undefined });
  expect(JSON.stringify(value)).toBe('{"b":0,"a":"","c":null,"d":false}');
  expect(Object.keys(value)).toEqual(["b", "a", "c", "d"]);
});
