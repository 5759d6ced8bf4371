/** git. */
import type { Tool } from "../tool.ts";

export const git: Tool = {
  id: "git",
  names: ["git"],
  // the option parser of git takes unique beginnings: gitcli(7)
  shortened: { "--branch": "--br", "--bare": "--bar", "--depth": "--dep", "--mirror": "--mir" },
  source: "git-clone(1)",
  known: "all",
  options: [
    {
      short: "bocuj",
      long: [
        "--branch",
        "--depth",
        "--origin",
        "--config",
        "--reference",
        "--jobs",
        "--template",
        "--filter",
        "--shallow-since",
        "--separate-git-dir",
      ],
    },
  ],
  cloning: { verb: "clone", bare: ["--bare", "--mirror"] },
};
