/** What Docker's own matching says; each line was asked of the builder's matcher as well. */
import { describe, expect, test } from "vitest";
import { context } from "../support/context.ts";

function ignored(ignore: string, paths: readonly string[]): string[] {
  const { ignores } = context({ files: {}, ignore });
  return paths.filter((path) => ignores(path));
}

describe("which paths an ignore file keeps out", () => {
  test.each<[string, string, string[], string[]]>([
    ["a name is a path from the root", "a", ["a"], ["b/a", "ab"]],
    ["a folder takes what is below it", "a", ["a/b", "a/b/c"], ["b/a/c"]],
    ["a leading slash means nothing", "/a/b", ["a/b", "a/b/c"], ["b", "c/a/b"]],
    ["nor does a trailing one", "a/", ["a", "a/b"], ["b"]],
    ["nor do blanks around it", "  a \t", ["a"], ["b"]],
    ["blanks inside are part of it", "a b", ["a b"], ["a", "b"]],
    ["paths are cleaned", "./a//b/../c", ["a/c"], ["a/b", "a"]],
    [".. at the root leads nowhere", "../a", [], ["a"]],
    ["* stays within a name", "*.txt", ["a.txt", ".txt"], ["a/b.txt", "a.txt2"]],
    ["* matches dot files too", "*", ["a", ".env", "a/b"], []],
    ["*/* is one folder down", "*/*.txt", ["a/b.txt"], ["b.txt", "a/b/c.txt"]],
    ["a folder that matches takes its contents", "*/b", ["a/b/c/d"], ["b/c"]],
    ["? is one character, also beyond 16 bits", "a?", ["ab", "a😀"], ["a", "abc", "a/b"]],
    ["? is no slash", "a?b", ["axb"], ["a/b"]],
    ["a set", "[ab]c", ["ac", "bc"], ["cc", "c"]],
    ["a range", "v[0-9]", ["v1"], ["va", "v10"]],
    ["a negated set", "[^a]", ["b"], ["a"]],
    ["! in a set is a character", "[!a]", ["!", "a"], ["b"]],
    ["a backslash quotes", "\\*", ["*"], ["a"]],
    ["a set may hold quoted characters", "[\\]\\-]x", ["]x", "-x"], ["ax"]],
    ["characters of regular expressions are plain", "a.b+(c)|{d}$", ["a.b+(c)|{d}$"], ["axb+(c)|{d}$"]],
    ["also next to a wildcard", "*.b+(c)|{d}$", ["a.b+(c)|{d}$"], ["axb+(c)|{d}$"]],
    ["** is any number of folders", "**/a", ["a", "b/a", "b/c/a", "b/a/c"], ["ba", "b/ca"]],
    ["**/ with a wildcard", "**/*.txt", ["a.txt", "b/c/a.txt"], ["a.txt2"]],
    ["** in the middle", "a/**/b", ["a/b", "a/x/b", "a/x/y/b"], ["b", "x/a/b"]],
    ["** at the end is what is below", "a/**", ["a/b", "a/b/c"], ["a", "ab"]],
    ["** glued to a name at its end", "a**", ["a", "ab", "a/b"], ["ba"]],
    ["** glued to a name at its start", "**a", ["a", "ba", "b/ca"], ["ab"]],
    ["** alone is everything", "**", ["a", "a/b", ".x"], []],
    ["a comment", "#a\na", ["a"], ["#a"]],
    ["a # further in is no comment", " #a", ["#a"], ["a"]],
    ["a quoted # as well", "\\#a", ["#a"], ["a"]],
    ["an exception lets in again", "*\n!a", ["b"], ["a", "a/b"]],
    ["before what it excepts it has no effect", "!a\n*", ["a", "b"], []],
    [
      "the last match wins",
      "*.md\n!README*.md\nREADME-secret.md",
      ["a.md", "README-secret.md"],
      ["README.md"],
    ],
    ["an exception below an ignored folder", "a\n!a/b", ["a", "a/c"], ["a/b", "a/b/c"]],
    ["an exception for a folder holds below it", "**/*.txt\n!a", ["b/x.txt"], ["a/x.txt", "a/b/x.txt"]],
    ["an exception may be ignored again", "a\n!a/b\na/b/c", ["a/b/c", "a/b/c/d"], ["a/b/d"]],
    ["a folder that is named again takes all back", "a\n!a/b\na", ["a/b"], []],
    ["an exception with **", "*\n!**/*.go", ["a", "a/b.md"], ["a.go", "a/b.go"]],
    ["blanks after !", "*\n! a", ["b"], ["a"]],
    ["a leading slash after !", "*\n!/a", ["b"], ["a"]],
    ["CRLF", "a\r\n!a/b\r\n", ["a"], ["a/b"]],
    ["a byte order mark", "\ufeffa", ["a"], []],
    ["a byte order mark before a comment", "\ufeff#a", [], ["a", "#a"]],
    ["upper and lower case differ", "A", ["A"], ["a"]],
    ["names beyond ASCII", "é*", ["é", "éa"], ["e"]],
    ["the root itself names nothing", ".\n/", [], ["a", "."]],
    ["blank lines", "\n\n \na\n", ["a"], ["b"]],
  ])("%s: %j", (_, ignore, out, within) => {
    expect(ignored(ignore, [...out, ...within])).toEqual(out);
  });

  test("paths may be asked for in any notation", () => {
    expect(ignored("a", ["./a", "a/", "b/../a"])).toEqual(["./a", "a/", "b/../a"]);
  });

  test.each(["[", "a[", "[]", "[a-", "[z-a]", "a\\", "[-a]", "!"])(
    "%j is not a pattern and is reported",
    (line) => {
      const { badPatterns, ignores } = context({ files: {}, ignore: `b\n${line}` });
      expect(badPatterns).toEqual([line]);
      expect([ignores("b"), ignores("a")]).toEqual([true, false]);
    },
  );
});
