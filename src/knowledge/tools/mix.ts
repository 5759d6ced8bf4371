/** Mix, the build tool of Elixir. */
import type { Tool } from "../tool.ts";

export const mix: Tool = {
  id: "mix",
  names: ["mix"],
  source: "Mix documentation, mix deps.get",
  options: [{ short: "", long: [], flags: "--verbose --quiet --force --if-missing".split(" ") }],
  known: [
    "local.hex",
    "local.rebar",
    "archive.install",
    "deps.get",
    "deps.compile",
    "deps.clean",
    "compile",
    "hex.info",
  ],
  project: { verbs: [], downloads: ["deps.get"], manifests: ["mix.exs", "mix.lock"] },
};
