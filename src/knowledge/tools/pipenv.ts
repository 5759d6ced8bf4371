/** Pipenv, a manager of Python projects. */
import type { Tool } from "../tool.ts";

export const pipenv: Tool = {
  id: "pipenv",
  names: ["pipenv"],
  source: "Pipenv documentation, pipenv install and pipenv sync",
  known: "install sync lock uninstall update clean graph requirements verify".split(" "),
  project: { verbs: ["install", "sync"], manifests: ["Pipfile", "Pipfile.lock"] },
  building: { how: "maybe", verbs: ["install", "sync", "pip"] },
};
