import { count } from "../../src/rule/contract.ts";
import { portabilityRule } from "../../src/rule/portability-rule.ts";

export const danglingHardlink = portabilityRule({
  id: "dangling-hardlink",
  severity: "error",
  docs: {
    summary: "The target of a hardlink does not exist",
    what: "From the layers: a hardlink entry whose target exists neither earlier in the same layer nor in a layer below. Findings in base image layers are combined into one `info`.",
    why: "No runtime can unpack the layer: pulling the image fails.",
    bad: [
      {
        title: "The target of the link is missing",
        dockerfile: "FROM scratch\nADD names.tar /\n",
        layers: ["usr/ usr/bin/ usr/bin/ls≡usr/bin/busybox"],
      },
    ],
    good: [
      {
        title: "The target comes first",
        dockerfile: "FROM scratch\nADD names.tar /\n",
        layers: ["usr/ usr/bin/ usr/bin/busybox(9000) usr/bin/ls≡usr/bin/busybox"],
      },
    ],
    fix: "None: the layer must contain the target.",
  },
  note: "dangling-hardlink",
  does: (paths) => `has ${count(paths, "hardlink")} without a target`,
  effect: "the layer cannot be unpacked",
  advice: "Pack the target of the link in the same layer, before the link.",
});
