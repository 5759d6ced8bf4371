import { relativeWorkdir as rule } from "../../../rules/instructions/relative-workdir.ts";
import { fixesSafely, fixesUnsafely, isSilent, onlySays } from "../../support/tables.ts";

fixesSafely(rule, [
  ["below the one before", "FROM a\nWORKDIR /b/\nWORKDIR c/d\n", "FROM a\nWORKDIR /b/\nWORKDIR /b/c/d\n"],
  ["above it", "FROM a\nWORKDIR /b/c\nWORKDIR ../d\n", "FROM a\nWORKDIR /b/c\nWORKDIR /b/d\n"],
  [
    "set by the stage it is FROM",
    "FROM a AS x\nWORKDIR /b\nFROM x\nWORKDIR c\n",
    "FROM a AS x\nWORKDIR /b\nFROM x\nWORKDIR /b/c\n",
  ],
  ["scratch begins at /", "FROM scratch\nWORKDIR b\n", "FROM scratch\nWORKDIR /b\n"],
  [
    "a variable at the end",
    "FROM a\nARG V\nWORKDIR /b\nWORKDIR c-$V\n",
    "FROM a\nARG V\nWORKDIR /b\nWORKDIR /b/c-$V\n",
  ],
  [
    "one after another",
    "FROM a\nWORKDIR /b\nWORKDIR c\nWORKDIR d\n",
    "FROM a\nWORKDIR /b\nWORKDIR /b/c\nWORKDIR /b/c/d\n",
  ],
]);

fixesUnsafely(rule, [
  [
    "the base image decides",
    "FROM a\nWORKDIR b\n",
    /base image may set another WORKDIR/,
    "FROM a\nWORKDIR /b\n",
  ],
  [
    "an unknown variable decides",
    "FROM a\nWORKDIR $X\nWORKDIR b\n",
    /another WORKDIR/,
    "FROM a\nWORKDIR $X\nWORKDIR /b\n",
  ],
]);

onlySays(rule, [
  ["quotes", 'FROM a\nWORKDIR /b\nWORKDIR "c d"\n', /line 3/, /absolute path\.$/],
  ["Windows", "FROM mcr.microsoft.com/windows/nanoserver\nWORKDIR app\n", /line 2/, /absolute path\.$/],
  ["dots behind a variable", "FROM a\nWORKDIR /b\nWORKDIR c$X/..\n", /line 3/, /absolute path\.$/],
]);

isSilent(rule, [
  ["absolute", "FROM a\nWORKDIR /b\nWORKDIR '/c'\n"],
  ["a variable may be absolute", "FROM a\nWORKDIR $B\nWORKDIR ${C}/d\n"],
  ["a drive", "FROM a\nWORKDIR C:/b\nWORKDIR c:\\b\n"],
]);
