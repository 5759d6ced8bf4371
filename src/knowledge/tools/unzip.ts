/** unzip. */
import type { Tool } from "../tool.ts";

export const unzip: Tool = {
  id: "unzip",
  names: ["unzip"],
  source: "unzip(1): -P",
  // -d and -P may stand before or after the archive
  options: [{ short: "dP", long: [] }],
  known: "all",
  secrets: { options: [{ short: "P" }] },
  unpacking: { onlyFirst: true, intoWorkingFolder: true },
};
