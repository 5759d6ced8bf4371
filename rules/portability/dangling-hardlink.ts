import { count } from "../../src/rule/contract.ts";
import { portabilityRule } from "../../src/rule/portability-rule.ts";

export const danglingHardlink = portabilityRule({
  id: "dangling-hardlink",
  severity: "error",
  docs: {
    summary: "A hardlink points to a file that is nowhere",
    what: `From the layers: a hardlink entry whose target exists neither in the same layer before it nor in a layer below. Findings about layers of the base image are one \`info\`.`,
    why: "No runtime can unpack it: pulling the image fails.",
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
    fix: "None: the target has to be packed.",
  },
  note: "dangling-hardlink",
  does: (paths) => `has ${count(paths, "hardlink")} without a target`,
  effect: "the layer cannot be unpacked",
  advice: "Pack the target of the link in the same layer, before the link.",
});
