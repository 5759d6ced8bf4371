/** pipx, which installs programs that are written in Python. */
import type { Tool } from "../tool.ts";

export const pipx: Tool = {
  id: "pipx",
  names: ["pipx"],
  source: "pipx documentation, pipx uninstall",
  // argparse takes unique beginnings
  options: [
    {
      short: "i",
      long: "--python --index-url --pip-args --suffix --preinstall --spec --fetch-missing-python --backend".split(
        " ",
      ),
      flags:
        "-h --help --version -q --quiet -v --verbose -f --force --include-deps --system-site-packages -e --editable --global".split(
          " ",
        ),
      abbreviates: true,
    },
  ],
  known:
    "install inject upgrade upgrade-all uninstall uninstall-all list ensurepath environment install-all".split(
      " ",
    ),
  removal: { word: /^(?:uninstall|remove)$/ },
};
