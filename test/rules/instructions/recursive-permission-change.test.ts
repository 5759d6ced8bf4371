import { expect, test } from "vitest";
import { metadataRewrite } from "../../../rules/layers/metadata-rewrite.ts";
import { findingsOf } from "../../support/subject.ts";
import { recursivePermissionChange as rule } from "../../../rules/instructions/recursive-permission-change.ts";
import { isSilent, onlySays } from "../../support/tables.ts";

onlySays(rule, [
  [
    "chmod of everything",
    "FROM a\nRUN chmod -R 777 /\n",
    /line 2 changes the mode of all files in \/: each/,
    /COPY --chmod/,
  ],
  [
    "chown in a chain, behind a cd",
    "FROM a\nRUN b && cd /usr && chown --recursive 1 local\n",
    /the owner of all files in \/usr\/local/,
    /COPY --chown/,
  ],
  ["a change that may not run", "FROM a\nRUN b || chgrp -R 0 /etc\n", /\/etc/, /COPY --chown/],
]);

isSilent(rule, [
  ["one folder itself", "FROM a\nRUN chmod 755 /usr\n"],
  ["a folder of the application", "FROM a\nRUN chown -R 1 /app\n"],
  ["a builder stage", "FROM a AS x\nRUN chmod -R 777 /usr\nFROM b\n"],
  ["a mount", "FROM a\nRUN --mount=type=cache,target=/var/cache chmod -R 777 /var/cache\n"],
]);

test("with layer evidence, the other rule reports it", async () => {
  const sketch = {
    dockerfile: "FROM a\nRUN chmod -R 777 /usr\n",
    layers: ["usr/ usr/f(1MB,f,0644)", "usr/ usr/f(1MB,f,0777)"],
    base: 1,
  };
  expect(await findingsOf(rule, sketch)).toEqual([]);
  expect(await findingsOf(metadataRewrite, sketch)).toHaveLength(1);
});

test("one smell is one finding: metadata-rewrite leaves system folders to it", async () => {
  const dockerfile = "FROM a\nCOPY b /usr/local/b\nRUN chown -R 1 /usr/local\n";
  expect(await findingsOf(rule, { dockerfile })).toHaveLength(1);
  expect(await findingsOf(metadataRewrite, { dockerfile })).toEqual([]);
});
