import { emptyContinuation as rule } from "../../../rules/instructions/empty-continuation.ts";
import { fixesSafely, isSilent, onlySays } from "../../support/tables.ts";

fixesSafely(rule, [
  [
    "several, with blanks",
    "FROM a\nRUN b && \\\n\n  \t\n  c && \\\n\n  d\n",
    "FROM a\nRUN b && \\\n  c && \\\n  d\n",
  ],
  ["beside a comment", "FROM a\nRUN b \\\n  # why\n\n  c\n", "FROM a\nRUN b \\\n  # why\n  c\n"],
  [
    "before a heredoc, whose own stay",
    "FROM a\nRUN \\\n\n  <<X\nb\n\nc\nX\n",
    "FROM a\nRUN \\\n  <<X\nb\n\nc\nX\n",
  ],
  ["in a COPY", "FROM a\nCOPY b \\\n\n  /c\n", "FROM a\nCOPY b \\\n  /c\n"],
]);

onlySays(rule, [
  ["in an ONBUILD", "FROM a\nONBUILD RUN b \\\n\n  c\n", /line 3 is empty/, /^Delete the line/],
]);

isSilent(rule, [
  ["between instructions", "FROM a\n\nRUN b \\\n  c\n\n\nRUN d\n"],
  ["in a heredoc", "FROM a\nRUN <<X\nb\n\nc\nX\n"],
  ["at the end of the file", "FROM a\nRUN b \\\n\n"],
]);
