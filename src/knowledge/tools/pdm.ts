/** PDM, a manager of Python projects. */
import type { Tool } from "../tool.ts";

export const pdm: Tool = {
  id: "pdm",
  names: ["pdm"],
  source: "PDM documentation, pdm install and pdm sync",
  known: "install sync add remove lock config export update use venv cache self info list show".split(" "),
  project: { verbs: ["sync", "install"], manifests: ["pyproject.toml", "pdm.lock"] },
  building: { how: "maybe", verbs: ["install", "sync", "pip"] },
};
