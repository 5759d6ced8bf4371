/** Our matching of ignore files against Docker's, on what Docker's was asked (fixtures/buildkit). */
import { expect, test } from "vitest";
import { ignoreFiles } from "../support/buildkit-cases.ts";
import { context } from "../support/context.ts";

test.each(ignoreFiles)("%j ignores of %j", (ignore, paths, { error, ignored }) => {
  const { badPatterns, ignores } = context({ files: {}, ignore });
  if (error !== undefined) expect(badPatterns).not.toEqual([]);
  // Docker compiles a pattern when it is first needed, so it does not always see a bad one
  else if (badPatterns.length === 0) expect(paths.map((path) => ignores(path))).toEqual(ignored);
});
