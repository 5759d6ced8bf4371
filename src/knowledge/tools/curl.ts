/** curl. */
import type { Tool } from "../tool.ts";

export const curl: Tool = {
  id: "curl",
  names: ["curl"],
  source: "curl(1): -o, -O",
  known: "all",
  options: [
    {
      short: "AbcCdDeEFhHKmoPQrtTuUwxXyYz",
      long: [
        "--output",
        "--header",
        "--user",
        "--data",
        "--request",
        "--retry",
        "--retry-delay",
        "--retry-max-time",
        "--connect-timeout",
        "--max-time",
        "--user-agent",
        "--proto",
        "--url",
        "--cacert",
        "--referer",
      ],
    },
  ],
  downloads: {
    output: ["-o", "--output"],
    named: ["-O", "--remote-name"],
    folder: [],
    otherwise: ["-J", "--remote-header-name", "--output-dir", "-Z", "--parallel", "-K", "--config"],
  },
};
