/** curl. */
import type { Tool } from "../tool.ts";

export const curl: Tool = {
  id: "curl",
  names: ["curl"],
  source: "curl(1): -o, -O, -u, -U, -b, --oauth2-bearer",
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
  secrets: {
    options: [
      { short: "uU", long: ["user", "proxy-user"], after: ":" },
      { short: "b", long: ["cookie"], after: "=" },
      { long: ["oauth2-bearer"] },
      { short: "E", long: ["cert"], after: ":" },
    ],
    // a proxy or a URL without scheme
    login: /^(?:-x|--proxy=)?[^\s:/@]+:([^\s@/]+)@/d,
  },
  downloads: {
    output: ["-o", "--output"],
    named: ["-O", "--remote-name"],
    folder: [],
    otherwise: ["-J", "--remote-header-name", "--output-dir", "-Z", "--parallel", "-K", "--config"],
  },
};
