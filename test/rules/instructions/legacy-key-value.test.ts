import { legacyKeyValue as rule } from "../../../rules/instructions/legacy-key-value.ts";
import { fixesSafely, isSilent, onlySays } from "../../support/tables.ts";

fixesSafely(rule, [
  ["one word", "FROM a\nENV B   c\n", "FROM a\nENV B=c\n"],
  ["blanks", "FROM a\nENV B c  d=e\n", 'FROM a\nENV B="c  d=e"\n'],
  ["a variable", "FROM a\nENV P /x:$P and more\n", 'FROM a\nENV P="/x:$P and more"\n'],
  ["quotes around all of it", "FROM a\nENV B 'c d'\n", "FROM a\nENV B='c d'\n"],
  ["a LABEL over two lines", "FROM a\nLABEL b c \\\n  d\n", 'FROM a\nLABEL b="c \\\n  d"\n'],
  ["an equals sign in front", "FROM a\nENV B =c\n", "FROM a\nENV B==c\n"],
  ["an empty value", 'FROM a\nENV B ""\n', 'FROM a\nENV B=""\n'],
]);

onlySays(rule, [
  ["quotes inside of more", "FROM a\nENV B c 'd e'\n", /line 2 sets B without =/, /^Write ENV B=value/],
  ["an apostrophe", "FROM a\nENV B it's\n", /line 2/, /^Write ENV B=value/],
  ["an escape", "FROM a\nENV B c\\ d\n", /line 2/, /^Write ENV B=value/],
  ["a comment inside", "FROM a\nENV B \\\n# why\n  c\n", /line 2/, /^Write ENV B=value/],
]);

isSilent(rule, [
  ["with =", "FROM a\nENV B=c D=e\nLABEL f=g\nARG H\n"],
  ["ARG has no old form", "FROM a\nARG B\n"],
]);
