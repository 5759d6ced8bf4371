import { fromAsCasing as rule } from "../../../rules/stages/from-as-casing.ts";
import { fixesSafely, isSilent } from "../../support/tables.ts";

fixesSafely(rule, [
  ["lower after upper", "FROM a as b\nRUN c\n", "FROM a AS b\nRUN c\n"],
  ["upper after lower", "from --platform=linux/amd64 a AS b\n", "from --platform=linux/amd64 a as b\n"],
  ["mixed", "FROM a As b\n", "FROM a AS b\n"],
  ["over two lines", "FROM a \\\n  as b\n", "FROM a \\\n  AS b\n"],
]);

isSilent(rule, [
  ["no AS", "FROM a\nRUN b as c\n"],
  ["FROM itself is mixed", "From a as b\n"],
  ["an image called as", "FROM as\n"],
]);
