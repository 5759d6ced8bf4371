/** The interpreter of JavaScript. */
import type { Tool } from "../tool.ts";

export const node: Tool = {
  id: "node",
  names: ["node", "nodejs"],
  source: "Node.js documentation, Command-line API: -e, -p",
  interprets: { code: ["-e", "--eval", "-p", "--print", "-pe"] },
};
