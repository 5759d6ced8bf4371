import { overwrittenCommand as rule } from "../../../rules/instructions/overwritten-command.ts";
import { fixesSafely, isSilent, onlySays } from "../../support/tables.ts";

fixesSafely(rule, [
  ["three CMDs", "FROM a\nCMD b\nUSER c\nCMD d \\\n  e\nCMD f\n", "FROM a\nUSER c\nCMD f\n"],
  [
    "ENTRYPOINTs around a CMD",
    'FROM a\nENTRYPOINT ["b"]\nCMD ["c"]\nENTRYPOINT ["d"]\n',
    'FROM a\nCMD ["c"]\nENTRYPOINT ["d"]\n',
  ],
  ["a HEALTHCHECK", "FROM a\nHEALTHCHECK NONE\nHEALTHCHECK CMD b\n", "FROM a\nHEALTHCHECK CMD b\n"],
  [
    "in a builder stage, with its comment left",
    "FROM a AS x\n# why\nCMD b\nCMD c\nFROM d\n",
    "FROM a AS x\n# why\nCMD c\nFROM d\n",
  ],
]);

onlySays(rule, [
  [
    "a comment inside",
    "FROM a\nCMD b \\\n# why\n  c\nCMD d\n",
    /line 2 has a CMD that line 5 replaces/,
    /only the last CMD of a stage counts/,
  ],
]);

isSilent(rule, [
  ["one each", "FROM a\nCMD b\nENTRYPOINT c\nHEALTHCHECK NONE\n"],
  ["in stages of their own", "FROM a AS x\nCMD b\nFROM x\nCMD c\n"],
  ["of ONBUILD", "FROM a\nONBUILD CMD b\nCMD c\n"],
]);
