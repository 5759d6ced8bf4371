/** The program that installs packages of Debian, below apt. */
import type { Tool } from "../tool.ts";

export const dpkg: Tool = {
  id: "dpkg",
  names: ["dpkg"],
  helpers: ["dpkg-query", "dpkg-deb", "dpkg-divert", "dpkg-statoverride", "dpkg-architecture"],
  source:
    'dpkg(1), "Files"; apt.conf(5), Dir::State and Dir::Log; debconf.conf(5); dpkg.cfg(5), log; update-alternatives(1)',
  known: "all",
  system: true,
  removal: { word: /^(?:-[rP]|--remove|--purge)$/ },
  unpacking: { word: /^(?:-i|--install)$/ },
  database: [
    {
      what: "dpkg and apt",
      paths: /^var\/lib\/(?:dpkg\/|apt\/extended_states$)/,
      list: /^var\/lib\/dpkg\/status(?:$|\.d\/.)/,
    },
    { what: "debconf", paths: /^var\/cache\/debconf\// },
    { what: "dpkg and apt logs", paths: /^var\/log\/(?:dpkg\.log|alternatives\.log|apt\/[^/]+)$/ },
  ],
};
