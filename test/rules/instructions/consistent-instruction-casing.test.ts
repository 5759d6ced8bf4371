import { consistentInstructionCasing as rule } from "../../../rules/instructions/consistent-instruction-casing.ts";
import { fixesSafely, isSilent, onlySays } from "../../support/tables.ts";

fixesSafely(rule, [
  ["mixed case", "FROM a\nWorkdir /x\nRUN b\n", "FROM a\nWORKDIR /x\nRUN b\n"],
  ["most are in lower case", "from a\nrun b\nRUN c\n", "from a\nrun b\nrun c\n"],
  ["as many of both", "FROM a\nrun b \\\n  c\n", "FROM a\nRUN b \\\n  c\n"],
  [
    "with heredoc and indentation",
    "FROM a\n\trun <<X\nrun it\nX\nUSER 1\n",
    "FROM a\n\tRUN <<X\nrun it\nX\nUSER 1\n",
  ],
]);

onlySays(rule, [
  [
    "an ONBUILD, which somebody else's build runs",
    "FROM a\nonbuild RUN b\nRUN c\n",
    /line 2 writes onbuild/,
    /^Write ONBUILD\.$/,
  ],
  ["a file that does not parse", "FROM a\nrun b\nRUN c\nFOO\n", /line 2 writes run/, /^Write RUN\.$/],
]);

isSilent(rule, [["AS in lower case", "FROM a as b\nRUN c\n"]]);
