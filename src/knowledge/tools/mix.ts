/** Mix, the build tool of Elixir. */
import type { Tool } from "../tool.ts";

export const mix: Tool = {
  id: "mix",
  names: ["mix"],
  source: "Mix documentation, mix deps.get",
  project: { verbs: [], downloads: ["deps.get"], manifests: ["mix.exs", "mix.lock"] },
};
