/** A script that builds a Python package, run by its name. */
import type { Tool } from "../tool.ts";

export const setuptools: Tool = {
  id: "setuptools",
  names: ["setup.py"],
  source: "setuptools documentation, setup.py",
  opaque: "anything",
  building: { how: "certain" },
  outputs: [{ what: "setuptools' build output", path: /(?:^|\/)build\/(?:bdist|temp)\.[\w.-]+\/./ }],
};
