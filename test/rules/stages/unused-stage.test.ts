import { unusedStage as rule } from "../../../rules/stages/unused-stage.ts";
import { fixesUnsafely, isSilent, onlySays } from "../../support/tables.ts";

fixesUnsafely(rule, [
  [
    "with what belongs to it",
    "FROM a AS one\nRUN b\n\n# the tests\nFROM c AS two\n# inside\nRUN d\n\nFROM e\nCOPY --from=one /f /f\n",
    /--target/,
    "FROM a AS one\nRUN b\n\n# the tests\nFROM e\nCOPY --from=one /f /f\n",
  ],
  [
    "one after another",
    "FROM a AS x\nRUN b\nFROM x AS y\nRUN c\nFROM d\nRUN e\n",
    /--target/,
    "FROM d\nRUN e\n",
  ],
  ["without a name", "FROM a\nRUN b\nFROM d\nRUN e\n", /--target/, "FROM d\nRUN e\n"],
]);

onlySays(rule, [
  [
    "numbers would count anew",
    "FROM a AS x\nRUN b\nFROM c AS y\nRUN d\nFROM e\nCOPY --from=1 /f /f\n",
    /the stage x/,
    /--target/,
  ],
  [
    "a variable may name it",
    "FROM a AS x\nRUN b\nFROM e\nARG S\nCOPY --from=$S /f /f\n",
    /the stage x/,
    /--target/,
  ],
]);

isSilent(rule, [
  ["only one", "FROM a\nRUN b\n"],
  ["used by a mount", "FROM a AS x\nFROM b\nRUN --mount=from=x,target=/y c\n"],
  ["used by number", "FROM a\nFROM b\nCOPY --from=0 /c /c\n"],
  ["used by a stage that is used", "FROM a AS x\nFROM b AS y\nCOPY --from=x /c /c\nFROM y\n"],
  ["used by an ONBUILD", "FROM a AS x\nFROM b\nONBUILD COPY --from=x /c /c\n"],
]);
