/** ldconfig, which every package with a library runs. */
import type { Tool } from "../tool.ts";

export const ldconfig: Tool = {
  id: "ldconfig",
  names: ["ldconfig"],
  source: 'ldconfig(8), "Files"',
  known: "all",
  database: [{ what: "ldconfig", paths: /^(?:etc\/ld\.so\.cache|var\/cache\/ldconfig\/aux-cache)$/ }],
};
