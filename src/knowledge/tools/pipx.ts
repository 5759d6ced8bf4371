/** pipx, which installs programs that are written in Python. */
import type { Tool } from "../tool.ts";

export const pipx: Tool = {
  id: "pipx",
  names: ["pipx"],
  source: "pipx documentation, pipx uninstall",
  removal: { word: /^(?:uninstall|remove)$/ },
};
