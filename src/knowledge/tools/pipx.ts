/** pipx, which installs programs that are written in Python. */
import type { Tool } from "../tool.ts";

export const pipx: Tool = {
  id: "pipx",
  names: ["pipx"],
  source: "pipx documentation, pipx uninstall",
  known:
    "install inject upgrade upgrade-all uninstall uninstall-all list ensurepath environment install-all".split(
      " ",
    ),
  removal: { word: /^(?:uninstall|remove)$/ },
};
