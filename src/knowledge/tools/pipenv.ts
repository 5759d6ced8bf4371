/** Pipenv, a manager of Python projects. */
import type { Tool } from "../tool.ts";

export const pipenv: Tool = {
  id: "pipenv",
  names: ["pipenv"],
  source: "Pipenv documentation, pipenv install and pipenv sync",
  // argparse takes unique beginnings
  options: [
    {
      short: "r",
      long: "--pypi-mirror --python --index --requirements --extra-pip-args --categories --source".split(" "),
      flags:
        "-h --help --version --where --venv --py --envs --rm --bare --man --support --verbose -v --quiet -q --clear --site-packages --no-site-packages --system --deploy --dev -d --pre --skip-lock --ignore-pipfile".split(
          " ",
        ),
      abbreviates: true,
    },
  ],
  known: "install sync lock uninstall update clean graph requirements verify".split(" "),
  project: { verbs: ["install", "sync"], manifests: ["Pipfile", "Pipfile.lock"] },
  building: { how: "maybe", verbs: ["install", "sync", "pip"] },
};
