import { count } from "../../src/rule/contract.ts";
import { portabilityRule } from "../../src/rule/portability-rule.ts";

export const hardlinkToLowerLayer = portabilityRule({
  id: "hardlink-to-lower-layer",
  severity: "warning",
  docs: {
    summary: "A hardlink points to a file that only a lower layer has",
    what: `From the layers: a hardlink entry whose target is not in the same layer, but in a lower one. Findings about layers of the base image are one \`info\`.`,
    why: "A link cannot cross two overlay directories: containers/storage (Podman, Buildah, CRI-O) refuses the layer, where a sequential unpacker such as umoci makes the link.",
    bad: [
      {
        title: "A second name for a file of the layer below",
        dockerfile: "FROM scratch\nADD base.tar /\nADD names.tar /\n",
        layers: ["usr/ usr/bin/ usr/bin/busybox(9000)", "usr/ usr/bin/ usr/bin/ls≡usr/bin/busybox"],
      },
    ],
    good: [
      {
        title: "The layer brings file and link together",
        dockerfile: "FROM scratch\nADD all.tar /\n",
        layers: ["usr/ usr/bin/ usr/bin/busybox(9000) usr/bin/ls≡usr/bin/busybox"],
      },
    ],
    fix: "None: the layer has to hold the file, or a symlink instead.",
  },
  note: "hardlink-to-lower-layer",
  does: (paths) => `has ${count(paths, "hardlink")} to a file of a lower layer`,
  effect: "Podman, Buildah and CRI-O cannot unpack this layer",
  advice: "Use a symlink, or let the layer that has the link hold the file too.",
});
