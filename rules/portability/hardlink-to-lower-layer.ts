import { count } from "../../src/rule/contract.ts";
import { portabilityRule } from "../../src/rule/portability-rule.ts";

export const hardlinkToLowerLayer = portabilityRule({
  id: "hardlink-to-lower-layer",
  severity: "warning",
  docs: {
    summary: "A hardlink points to a file that exists only in a lower layer",
    what: "From the layers: a hardlink entry whose target is not in the same layer but in a lower one. Findings in base image layers are combined into one `info`.",
    why: "A hardlink cannot cross two overlay directories: containers/storage (Podman, Buildah, CRI-O) rejects the layer, while a sequential unpacker such as umoci creates the link.",
    bad: [
      {
        title: "A hardlink to a file of the layer below",
        dockerfile: "FROM scratch\nADD base.tar /\nADD names.tar /\n",
        layers: ["usr/ usr/bin/ usr/bin/busybox(9000)", "usr/ usr/bin/ usr/bin/ls≡usr/bin/busybox"],
      },
    ],
    good: [
      {
        title: "File and hardlink in one layer",
        dockerfile: "FROM scratch\nADD all.tar /\n",
        layers: ["usr/ usr/bin/ usr/bin/busybox(9000) usr/bin/ls≡usr/bin/busybox"],
      },
    ],
    fix: "None: the layer must contain the file, or use a symlink.",
  },
  note: "hardlink-to-lower-layer",
  does: (paths) => `has ${count(paths, "hardlink")} to a file of a lower layer`,
  effect: "Podman, Buildah and CRI-O cannot unpack this layer",
  advice: "Use a symlink, or store the file in the layer of the link too.",
});
