/** The interpreter of PHP. */
import type { Tool } from "../tool.ts";

export const php: Tool = {
  id: "php",
  names: ["php"],
  source: "PHP manual, Command line usage: -r",
  interprets: { code: ["-r"] },
};
