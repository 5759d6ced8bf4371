/** tar. */
import type { Tool } from "../tool.ts";

export const tar: Tool = {
  id: "tar",
  names: ["tar", "bsdtar"],
  // getopt_long: GNU tar manual, Long Option Style
  shortened: { "--extract": "--ext", "--directory": "--dir" },
  source: "tar(1): -x, -f, -C",
  known: "all",
  walks: { unless: /^-?[A-Za-z]*x[A-Za-z]*$|^--(?:extract|get)$/ },
  unpacking: {
    tar: {
      valued: "bCfFgHIKLNTVX",
      plain: "xzjJvp",
      plainLong: ["--gzip", "--bzip2", "--xz", "--verbose", "--gunzip", "--ungzip"],
    },
    intoWorkingFolder: true,
  },
};
