/** 7-Zip. */
import type { Tool } from "../tool.ts";

export const sevenZip: Tool = {
  id: "seven-zip",
  names: ["7z", "7za", "7zr"],
  source: "7z(1): e, x, -p",
  known: "all",
  walks: { unless: /^[exlt]$/ },
  secrets: { options: [{ short: "p", attached: true }] },
  unpacking: { verbs: ["e", "x"], onlyFirst: true },
};
