import { stageNameCasing as rule } from "../../../rules/stages/stage-name-casing.ts";
import { fixesSafely, isSilent } from "../../support/tables.ts";

fixesSafely(rule, [
  [
    "every place that names it",
    "FROM a AS GoBuild\nFROM GoBuild AS test\nRUN b\nFROM c\nCOPY --from=GOBUILD /x /x\nRUN --mount=type=bind,from=GoBuild,target=/y d\n",
    "FROM a AS gobuild\nFROM gobuild AS test\nRUN b\nFROM c\nCOPY --from=gobuild /x /x\nRUN --mount=type=bind,from=gobuild,target=/y d\n",
  ],
  [
    "not another name that only looks alike",
    "FROM a AS Build\nFROM b\nCOPY --from=Build-tools /x /x\nCOPY --from=build Build /y\n",
    "FROM a AS build\nFROM b\nCOPY --from=Build-tools /x /x\nCOPY --from=build Build /y\n",
  ],
  [
    "ONBUILD stays: the name means the same there",
    "FROM a AS Build\nFROM b\nONBUILD COPY --from=Build /x /x\n",
    "FROM a AS build\nFROM b\nONBUILD COPY --from=Build /x /x\n",
  ],
]);

isSilent(rule, [["an image in upper case", "FROM A:Latest AS b\nCOPY --from=B /x /x\n"]]);
