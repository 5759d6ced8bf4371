import { maintainer as rule } from "../../../rules/instructions/maintainer.ts";
import { fixesUnsafely, isSilent, onlySays } from "../../support/tables.ts";

fixesUnsafely(rule, [
  [
    "the label says it",
    "FROM a\nMAINTAINER  Team B <b@c.example>\nRUN d\n",
    /author field/,
    'FROM a\nLABEL org.opencontainers.image.authors="Team B <b@c.example>"\nRUN d\n',
  ],
  [
    "quotes are no part of it",
    'FROM a\nmaintainer "B"\n',
    /field/,
    'FROM a\nlabel org.opencontainers.image.authors="B"\n',
  ],
]);

onlySays(rule, [
  ["over two lines", "FROM a\nMAINTAINER B \\\n  C\n", /line 2/, /org\.opencontainers\.image\.authors/],
  ["a quote inside", 'FROM a\nMAINTAINER B "C" D\n', /line 2/, /org\.opencontainers\.image\.authors/],
  [
    "a variable, which a label would fill in",
    "FROM a\nMAINTAINER $B\n",
    /line 2/,
    /org\.opencontainers\.image\.authors/,
  ],
]);

isSilent(rule, [["a label", "FROM a\nLABEL maintainer=b\n"]]);
