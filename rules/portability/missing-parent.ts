import { count } from "../../src/rule/contract.ts";
import { portabilityRule } from "../../src/rule/portability-rule.ts";

export const missingParent = portabilityRule({
  id: "missing-parent",
  severity: "warning",
  docs: {
    summary:
      "A layer contains a file but no entry for its directory, and runtimes disagree about the mode of that directory",
    what: "From the layers: an entry whose parent directory has no entry in the same layer, if that makes a difference: a layer below gives the directory another mode or owner than an implicitly created parent would have. Findings in base image layers are combined into one `info`.",
    why: "A sequential unpacker keeps the directory as it is below. Overlay unpackers have to create the directory in their own layer: containerd copies the attributes from below when it unpacks one layer after the other, Docker and containers/storage use 0755. A private directory becomes readable by everybody.",
    bad: [
      {
        title: "A file is added below a private directory without its entry",
        dockerfile: "FROM scratch\nADD base.tar /\nADD key.tar /\n",
        layers: ["etc/ etc/private/[0700]", "etc/private/id(400)"],
      },
    ],
    good: [
      {
        title: "The layer carries the directory, with its mode",
        dockerfile: "FROM scratch\nADD base.tar /\nADD key.tar /\n",
        layers: ["etc/ etc/private/[0700]", "etc/ etc/private/[0700] etc/private/id(400)"],
      },
    ],
    fix: "None yet: repairing the image would mean adding the missing directory entries.",
  },
  note: "missing-parent",
  does: (paths) => `has no entry for ${count(paths, "directory", "directories")} that it writes into`,
  effect:
    "Docker, Podman and CRI-O use mode 0755 and owner root, other runtimes keep those of the layer below",
  advice: "Let the tool that packs the layer write an entry for every parent directory.",
});
