import { pipeWithoutPipefail as rule } from "../../../rules/instructions/pipe-without-pipefail.ts";
import { fixesUnsafely, isSilent, onlySays } from "../../support/tables.ts";

const bash = 'SHELL ["/bin/bash", "-o", "pipefail", "-c"]\n';

fixesUnsafely(rule, [
  [
    "before the first of the stage",
    "FROM a\nRUN b\nRUN c | d\nRUN e | f\n",
    /bash may not be in the image/,
    `FROM a\nRUN b\n${bash}RUN c | d\nRUN e | f\n`,
  ],
  [
    "ash in Alpine, in lower case",
    "from alpine:3.20\nrun c | d\n",
    /another one/,
    'from alpine:3.20\nshell ["/bin/ash", "-o", "pipefail", "-c"]\nrun c | d\n',
  ],
  ["in a heredoc", "FROM a\nRUN <<X\nb | c\nX\n", /bash/, `FROM a\n${bash}RUN <<X\nb | c\nX\n`],
  ["in a group", "FROM a\n  RUN ( b | c )\n", /bash/, `FROM a\n  ${bash}  RUN ( b | c )\n`],
]);

onlySays(rule, [
  [
    "a SHELL that was chosen",
    'FROM a\nSHELL ["/bin/sh", "-ec"]\nRUN b | c\n',
    /line 3 has a pipe/,
    /SHELL \[.*"pipefail", "-c"\] before it/,
  ],
]);

isSilent(rule, [
  ["pipefail in SHELL", `FROM a\n${bash}RUN b | c\n`],
  ["pipefail in the stage it is FROM", `FROM a AS x\n${bash}FROM x\nRUN b | c\n`],
  ["set -o pipefail", "FROM a\nRUN set -eo pipefail; b | c\n"],
  ["||", "FROM a\nRUN b || c\n"],
  ["in quotes", "FROM a\nRUN grep 'b|c' d \"e|f\" g\\|h\n"],
  ["in a comment", "FROM a\nRUN <<X\n# b | c\nd\nX\n"],
  ["case patterns", "FROM a\nRUN case $B in c|d) e;; esac\n"],
  ["JSON form", 'FROM a\nRUN ["b", "|", "c"]\n'],
  [">|", "FROM a\nRUN b >| c\n"],
  ["PowerShell", 'FROM a\nSHELL ["pwsh", "-c"]\nRUN b | c\n'],
]);
