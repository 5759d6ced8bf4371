import { count } from "../../src/rule/contract.ts";
import { portabilityRule } from "../../src/rule/portability-rule.ts";

export const escapingPath = portabilityRule({
  id: "escaping-path",
  severity: "error",
  docs: {
    summary: "The path of a layer entry leads out of the root directory",
    what: "From the layers: an entry with enough `..` to leave the root. layerlint never extracts anything and ignores such entries. Findings in base image layers are combined into one `info`.",
    why: "Careful runtimes reject the layer. Others would write to the host. This is an attack or the result of a badly broken packer.",
    bad: [
      {
        title: "A path with `..`",
        dockerfile: "FROM scratch\nADD evil.tar /\n",
        layers: ["../etc/passwd(60)"],
      },
    ],
    good: [
      {
        title: "A path inside the root",
        dockerfile: "FROM scratch\nADD fine.tar /\n",
        layers: ["etc/ etc/passwd(60)"],
      },
    ],
    fix: "None: do not use this layer before you know where it comes from.",
  },
  note: "escaping-path",
  does: (paths) => `has ${count(paths, "path")} that would leave the root directory`,
  effect: "runtimes refuse the layer, or would write outside of the container",
  advice: "Find out where this layer comes from before you run the image.",
});
