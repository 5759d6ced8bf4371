/** The package manager of NixOS. */
import type { Tool } from "../tool.ts";

export const nix: Tool = {
  id: "nix",
  names: ["nix-env"],
  helpers: ["nix", "nix-channel"],
  source: "nix-env(1)",
  known: "all",
  system: true,
};
