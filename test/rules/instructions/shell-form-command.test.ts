import { shellFormCommand as rule } from "../../../rules/instructions/shell-form-command.ts";
import { fixesUnsafely, isSilent, onlySays } from "../../support/tables.ts";

fixesUnsafely(rule, [
  ["plain words", "FROM a\nCMD b --c=d /e\n", /no shell runs/, 'FROM a\nCMD ["b", "--c=d", "/e"]\n'],
  [
    "quoted words",
    "FROM a\nENTRYPOINT nginx -g 'daemon off;' \"x y\"z\n",
    /no shell/,
    'FROM a\nENTRYPOINT ["nginx", "-g", "daemon off;", "x yz"]\n',
  ],
  ["exec in front", "FROM a\nCMD exec b c\n", /no shell/, 'FROM a\nCMD ["b", "c"]\n'],
]);

onlySays(rule, [
  ["a variable", "FROM a\nCMD b $C\n", /CMD in shell form/, /CMD \["\/bin\/sh", "-c"/],
  ["a list", "FROM a\nCMD b && c\n", /CMD/, /script that ends in exec/],
  ["a redirect", "FROM a\nCMD b > c\n", /CMD/, /script that ends in exec/],
  ["a glob", "FROM a\nCMD b *.c\n", /CMD/, /script that ends in exec/],
  ["an assignment", "FROM a\nCMD B=1 c\n", /CMD/, /script that ends in exec/],
  ["a builtin", "FROM a\nCMD cd b\n", /CMD/, /script that ends in exec/],
  [
    "an ENTRYPOINT over two lines",
    "FROM a\nENTRYPOINT b \\\n  c\n",
    /an ENTRYPOINT/,
    /ENTRYPOINT \["\/bin\/sh", "-c"/,
  ],
  ["a broken array", "FROM a\nCMD ['b']\n", /CMD/, /script that ends in exec/],
]);

isSilent(rule, [
  ["JSON", 'FROM a\nCMD ["b"]\nENTRYPOINT ["c", "d"]\n'],
  ["a SHELL of its own", 'FROM a\nSHELL ["/bin/bash", "-c"]\nCMD b\n'],
  ["HEALTHCHECK and RUN", "FROM a\nHEALTHCHECK CMD b\nRUN c\n"],
]);
