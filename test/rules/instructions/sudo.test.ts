import { sudo as rule } from "../../../rules/instructions/sudo.ts";
import { isSilent, onlySays } from "../../support/tables.ts";

onlySays(rule, [
  ["in a chain", "FROM a\nRUN b && sudo -E c\n", /line 2 runs c with sudo/, /^Drop sudo/],
  ["in a builder stage", "FROM a AS x\nRUN sudo b\nFROM c\n", /line 2/, /^Drop sudo/],
  ["inside of sh -c", "FROM a\nRUN sh -c 'sudo b'\n", /line 2 runs b with sudo/, /^Drop sudo/],
  ["as root", "FROM a\nUSER root\nRUN sudo b\n", /line 3/, /^Drop sudo: the RUN already runs as root/],
  [
    "as user 0 of a group",
    "FROM a\nUSER 0:1\nRUN sudo b\n",
    /line 3/,
    /^Drop sudo: the RUN already runs as root/,
  ],
  ["as user 0", "FROM a\nUSER 0\nRUN sudo b\n", /line 3/, /^Drop sudo: the RUN already runs as root/],
  [
    "as another user",
    "FROM a\nUSER 01:1\nRUN sudo b\n",
    /line 3/,
    /^Put USER root before the RUN, and USER 01:1 after it\.$/,
  ],
  ["a command that the build finds out", "FROM a\nRUN sudo $B\n", /runs a command with sudo/, /^Drop sudo/],
]);

isSilent(rule, [
  ["its package", "FROM a\nRUN apt-get install -y sudo && echo sudo && adduser b sudo\n"],
  ["its settings", "FROM a\nCOPY sudoers /etc/sudoers.d/x\nRUN chmod 440 /etc/sudoers.d/x\n"],
]);
