import { count } from "../../src/rule/contract.ts";
import { portabilityRule } from "../../src/rule/portability-rule.ts";

export const missingParent = portabilityRule({
  id: "missing-parent",
  severity: "warning",
  docs: {
    summary:
      "A layer has a file but no entry for its directory, and runtimes disagree about the mode of that directory",
    what: `From the layers: an entry whose parent directory has no entry in the same layer, where that makes a difference: a layer below gives the directory another mode or owner than a made-up parent would have. Findings about layers of the base image are one \`info\`.`,
    why: "A sequential unpacker keeps the directory as it is below. Overlay unpackers have to make the directory in their own layer: containerd copies the attributes from below when it unpacks one layer after the other, Docker and containers/storage make it 0755. A private directory becomes readable by everybody.",
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
    fix: "None yet: a repair of the image would write the missing directory entries.",
  },
  note: "missing-parent",
  does: (paths) => `has no entry for ${count(paths, "directory", "directories")} that it writes into`,
  effect:
    "Docker, Podman and CRI-O make up mode 0755 and owner root where other runtimes keep what lies below",
  advice: "Let the tool that packs the layer write an entry for every parent directory.",
});
