/** nvm, which installs versions of Node.js. */
import type { Tool } from "../tool.ts";

export const nvm: Tool = {
  id: "nvm",
  names: ["nvm"],
  source: "nvm documentation, nvm uninstall",
  options: [
    {
      short: "",
      long: [],
      flags: "--no-colors --no-progress --lts --latest-npm --default --silent -s -b".split(" "),
    },
  ],
  known:
    "install use alias unalias ls list ls-remote uninstall current which version cache install-latest-npm reinstall-packages deactivate unload".split(
      " ",
    ),
  removal: { word: /^(?:uninstall|remove)$/ },
};
