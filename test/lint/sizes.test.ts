import { describe, expect, test } from "vitest";
import { UserError } from "../../src/errors.ts";
import { parseSize, parseSizeOrShare } from "../../src/lint/sizes.ts";

describe("sizes on the command line", () => {
  test.each([
    ["500000", 500_000],
    ["1MB", 1_000_000],
    ["1MiB", 1_048_576],
    ["1.5 GiB", 1_610_612_736],
    ["10k", 10_000],
    ["0", 0],
  ])("%s is %d bytes", (text, bytes) => {
    expect(parseSize(text, "--min-waste")).toBe(bytes);
  });

  test.each(["", "MB", "-1MB", "1XB", "1e6", "1MB extra"])(
    "%j is refused and the option is named",
    (text) => {
      expect(() => parseSize(text, "--min-waste")).toThrow(UserError);
      expect(() => parseSize(text, "--min-waste")).toThrow("--min-waste");
    },
  );

  test("a share is a fraction of one", () => {
    expect(parseSizeOrShare("5%", "--max-waste")).toEqual({ share: 0.05 });
    expect(parseSizeOrShare("0.5 %", "--max-waste")).toEqual({ share: 0.005 });
    expect(parseSizeOrShare("5MB", "--max-waste")).toEqual({ bytes: 5_000_000 });
  });

  test.each(["101%", "%", "x%", "5%%"])("%s is no share", (text) => {
    expect(() => parseSizeOrShare(text, "--max-waste")).toThrow(UserError);
  });
});
