/** The package manager of Void Linux. */
import type { Tool } from "../tool.ts";

export const xbps: Tool = {
  id: "xbps",
  names: ["xbps-install"],
  helpers: ["xbps-remove"],
  source: "xbps-install(1)",
  known: "all",
  system: true,
};
