import { addInsteadOfCopy as rule } from "../../../rules/instructions/add-instead-of-copy.ts";
import { fixesSafely, fixesUnsafely, isSilent, onlySays } from "../../support/tables.ts";

fixesSafely(rule, [
  ["a folder", "FROM a\nADD --chown=1 src/ /b\n", "FROM a\nCOPY --chown=1 src/ /b\n"],
  ["text, in lower case", "FROM a\nadd b.json c.py /d/\n", "FROM a\ncopy b.json c.py /d/\n"],
  ["a heredoc", "FROM a\nADD <<X /b\nc\nX\n", "FROM a\nCOPY <<X /b\nc\nX\n"],
]);

fixesUnsafely(rule, [
  ["no extension", "FROM a\nADD server /b\n", /server may be an archive/, "FROM a\nCOPY server /b\n"],
  ["one of several", "FROM a\nADD b.py c.bin /d/\n", /c\.bin may be/, "FROM a\nCOPY b.py c.bin /d/\n"],
]);

onlySays(rule, [
  ["Windows", "FROM mcr.microsoft.com/windows/nanoserver\nADD b.py c\n", /line 2 adds b\.py/, /^Use COPY/],
  ["a file that does not parse", "FROM a\nADD b.py c\nFOO\n", /line 2 adds b\.py/, /^Use COPY/],
]);

isSilent(rule, [
  ["an archive", "FROM a\nADD b.tar.gz /c\nADD d.TGZ /c\n"],
  ["an address", "FROM a\nADD https://b.example/c /d\nADD git@b.example:c.git /d\n"],
  ["a variable", "FROM a\nADD $B /c\n"],
  ["anything", "FROM a\nADD * /c\nADD dist/app*.tgz /c\n"],
  ["an ONBUILD, which somebody else's build runs", "FROM a\nONBUILD ADD b.py /c\n"],
  ["what only ADD can", "FROM a\nADD --unpack=false b.zip /c\n"],
]);
