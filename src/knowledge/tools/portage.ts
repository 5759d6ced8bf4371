/** The package manager of Gentoo. */
import type { Tool } from "../tool.ts";

export const portage: Tool = {
  id: "portage",
  names: ["emerge"],
  source: "emerge(1)",
  known: "all",
  system: true,
};
