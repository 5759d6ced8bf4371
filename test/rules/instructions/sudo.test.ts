import { sudo as rule } from "../../../rules/instructions/sudo.ts";
import { isSilent, onlySays } from "../../support/tables.ts";

onlySays(rule, [
  ["in a chain", "FROM a\nRUN b && sudo -E c\n", /line 2 runs c with sudo/],
  ["in a builder stage", "FROM a AS x\nRUN sudo b\nFROM c\n", /line 2/],
  ["inside of sh -c", "FROM a\nRUN sh -c 'sudo b'\n", /line 2 runs b with sudo/],
]);

isSilent(rule, [
  ["its package", "FROM a\nRUN apt-get install -y sudo && echo sudo && adduser b sudo\n"],
  ["its settings", "FROM a\nCOPY sudoers /etc/sudoers.d/x\nRUN chmod 440 /etc/sudoers.d/x\n"],
]);
