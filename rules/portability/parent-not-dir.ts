import { count } from "../../src/rule/contract.ts";
import { portabilityRule } from "../../src/rule/portability-rule.ts";

export const parentNotDir = portabilityRule({
  id: "parent-not-dir",
  severity: "warning",
  docs: {
    summary: "A layer contains an entry below a path that is a file in the layers below",
    what: "From the layers: an entry such as `a/b` where `a` is a file or another non-directory in the layers below, and the layer has no directory entry `a/` that would replace it. Findings in base image layers are combined into one `info`.",
    why: "Runtimes that merge directories create a directory in place of the file. umoci and other sequential unpackers fail with 'not a directory'.",
    bad: [
      {
        title: "A file becomes a directory without an entry for it",
        dockerfile: "FROM scratch\nADD v1.tar /\nADD v2.tar /\n",
        layers: ["conf(100)", "conf/main(10)"],
      },
    ],
    good: [
      {
        title: "The directory entry replaces the file",
        dockerfile: "FROM scratch\nADD v1.tar /\nADD v2.tar /\n",
        layers: ["conf(100)", "conf/ conf/main(10)"],
      },
    ],
    fix: "None yet: repairing the image would mean adding the missing directory entry.",
  },
  note: "parent-not-dir",
  does: (paths) =>
    `writes below ${count(paths, "path")} that ${paths === 1 ? "is not a directory" : "are not directories"} in the layers below`,
  effect: "some runtimes fail to unpack it (not a directory), others create a directory",
  advice: "Let the tool that packs the layer write an entry for the directory.",
});
