/** make, which runs what a Makefile says: builds as a rule. */
import type { Tool } from "../tool.ts";

export const make: Tool = {
  id: "make",
  names: ["make", "gmake"],
  source: "make(1)",
  opaque: "build",
  building: { how: "certain" },
};
