/** The interpreter of Python: what it runs is another tool, or a script. */
import type { Tool } from "../tool.ts";

export const python: Tool = {
  id: "python",
  names: ["python", "python2", "python3"],
  source: "Python documentation, command line; setuptools documentation, setup.py",
  interprets: {
    code: ["-c"],
    module: "-m",
    modules: ["venv", "virtualenv", "ensurepip", "compileall", "py_compile", "zipfile", "site", "json.tool"],
  },
  building: { how: "certain", verbs: ["setup.py"], runs: ["pip"] },
};
