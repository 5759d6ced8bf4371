/** corepack, which brings Yarn and pnpm, and takes them away. */
import type { Tool } from "../tool.ts";

export const corepack: Tool = {
  id: "corepack",
  names: ["corepack"],
  source: "Node.js documentation, Corepack: corepack disable",
  known: "all",
  removal: { word: /^disable$/ },
};
