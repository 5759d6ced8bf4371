/** GNU Wget. */
import type { Tool } from "../tool.ts";

export const wget: Tool = {
  id: "wget",
  names: ["wget"],
  // getopt_long: GNU Wget manual, Option Syntax
  shortened: { "--output-document": "--output-d", "--directory-prefix": "--directory-p" },
  source: "wget(1): -O, -P",
  known: "all",
  options: [
    {
      short: "oaeiBtOTwQPUlADIRX",
      long: [
        "--output-document",
        "--directory-prefix",
        "--header",
        "--tries",
        "--timeout",
        "--user-agent",
        "--output-file",
      ],
    },
  ],
  downloads: {
    output: ["-O", "--output-document"],
    keepsQuery: true,
    folder: ["-P", "--directory-prefix"],
    otherwise: [
      "-i",
      "-r",
      "-m",
      "-x",
      "--input-file",
      "--recursive",
      "--mirror",
      "--content-disposition",
      "--force-directories",
    ],
  },
};
