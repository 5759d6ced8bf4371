import { expect, test } from "vitest";
import { foldersAbove, placeOf } from "../../src/app/targets/place.ts";

test.each([
  ["test/app/Dockerfile", "/home/me/test/work", "test/app/Dockerfile"],
  ["./Dockerfile", "/home/me/test/work", "Dockerfile"],
  ["/home/me/test/work/app/Dockerfile", "/home/me/test/work", "app/Dockerfile"],
  ["/home/me/test/app/Dockerfile", "/srv", "Dockerfile"],
  ["../test/Dockerfile", "/srv", "test/Dockerfile"],
  ["..test/Dockerfile", "/srv", "..test/Dockerfile"],
])("%s in %s lies at %s of its project", (name, cwd, place) => {
  expect(placeOf(name, cwd)).toBe(place);
});

test("the folders above a Dockerfile end with the working folder", () => {
  expect(foldersAbove("a/b/Dockerfile", "/srv")).toEqual(["a", "."]);
  expect(foldersAbove("/srv/a/Dockerfile", "/srv")).toEqual(["/srv"]);
  expect(foldersAbove("Dockerfile", "/srv")).toEqual([]);
  expect(foldersAbove("/home/me/a/Dockerfile", "/srv")).toEqual([]);
});
