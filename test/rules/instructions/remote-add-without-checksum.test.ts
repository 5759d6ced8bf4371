import { remoteAddWithoutChecksum as rule } from "../../../rules/instructions/remote-add-without-checksum.ts";
import { isSilent, onlySays } from "../../support/tables.ts";

onlySays(rule, [
  [
    "in a builder stage",
    "FROM a AS x\nADD https://b.example/c.tgz /c\nFROM d\nCOPY --from=x /c /c\n",
    /downloads https:\/\/b\.example\/c\.tgz/,
    /ADD --checksum=sha256:/,
  ],
  [
    "beside a file",
    "FROM a\nADD d http://b.example/c /e/\n",
    /downloads http:\/\/b\.example\/c /,
    /ADD --checksum=sha256:/,
  ],
]);

isSilent(rule, [
  ["a checksum", "FROM a\nADD --checksum=sha256:0 https://b.example/c /d\n"],
  ["Git", "FROM a\nADD https://b.example/c.git#main /d\n"],
  ["Git with a query", "FROM a\nADD https://b.example/c.git?ref=v1.2 /d\n"],
  ["Git with a query and a fragment", "FROM a\nADD https://b.example/c.git?checksum=0a1b#v1 /d\n"],
  ["files", "FROM a\nADD b.tgz /d\n"],
  ["a stage that nobody needs", "FROM a AS x\nADD https://b.example/c /c\nFROM d\n"],
]);
