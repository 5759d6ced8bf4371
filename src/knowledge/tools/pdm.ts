/** PDM, a manager of Python projects. */
import type { Tool } from "../tool.ts";

export const pdm: Tool = {
  id: "pdm",
  names: ["pdm"],
  source: "PDM documentation, pdm install and pdm sync",
  // argparse takes unique beginnings
  options: [
    {
      short: "cpLG",
      long: "--config --project --lockfile --group --with --without --venv --pep582".split(" "),
      flags:
        "-h --help -V --version -v -vv --verbose -q --quiet --no-cache -I --ignore-python -n --non-interactive --prod --production --dev -d --no-editable --no-self --frozen-lockfile --no-lock --check --dry-run -g --global".split(
          " ",
        ),
      abbreviates: true,
    },
  ],
  known: "install sync add remove lock config export update use venv cache self info list show".split(" "),
  project: { verbs: ["sync", "install"], manifests: ["pyproject.toml", "pdm.lock"] },
  building: { how: "maybe", verbs: ["install", "sync", "pip"] },
};
