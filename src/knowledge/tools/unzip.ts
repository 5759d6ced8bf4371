/** unzip. */
import type { Tool } from "../tool.ts";

export const unzip: Tool = {
  id: "unzip",
  names: ["unzip"],
  source: "unzip(1)",
  known: "all",
  unpacking: { onlyFirst: true, intoWorkingFolder: true },
};
