/** The program that installs packages of Fedora, RHEL and SUSE, below dnf and zypper. */
import type { Tool } from "../tool.ts";

export const rpm: Tool = {
  id: "rpm",
  names: ["rpm"],
  helpers: ["rpmkeys"],
  source: "rpm(8): -e, -i, -U, %_dbpath, since Fedora 36 and openSUSE Tumbleweed below usr/lib/sysimage",
  known: "all",
  system: true,
  removal: { word: /^(?:-[a-z]*e[a-z]*|--erase)$/ },
  unpacking: { word: /^-[ivhU]*[iU][vh]*$|^--(?:install|upgrade)$/ },
  database: [
    {
      what: "rpm",
      paths: /^(?:var\/lib\/rpm|usr\/lib\/sysimage\/rpm)\//,
      list: /^(?:var\/lib\/rpm|usr\/lib\/sysimage\/rpm)\/(?:Packages(?:\.db)?|rpmdb\.sqlite)$/,
    },
  ],
};
