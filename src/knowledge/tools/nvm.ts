/** nvm, which installs versions of Node.js. */
import type { Tool } from "../tool.ts";

export const nvm: Tool = {
  id: "nvm",
  names: ["nvm"],
  source: "nvm documentation, nvm uninstall",
  removal: { word: /^(?:uninstall|remove)$/ },
};
