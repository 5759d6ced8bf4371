/** Programs that build a project, or prepare its build, by what a file of it says. */
import type { Tool } from "../tool.ts";

export const buildSystems: Tool = {
  id: "build-systems",
  names: ["cmake", "ninja", "meson", "configure", "node-gyp"],
  source: "cmake(1), ninja(1), meson(1); Autoconf manual, configure; node-gyp documentation",
  building: { how: "certain" },
  outputs: [
    { what: "CMake's build output", path: /(?:^|\/)CMakeFiles\/(?:.*\/)?[^/]+\.(?:o|obj|d|bin|out)$/ },
  ],
};
