import { count } from "../../src/rule/contract.ts";
import { portabilityRule } from "../../src/rule/portability-rule.ts";

export const overlayWhiteoutDevice = portabilityRule({
  id: "overlay-whiteout-device",
  severity: "warning",
  docs: {
    summary:
      "A layer has a character device 0:0: a whiteout of an overlay directory that was packed as it is",
    what: `From the layers: a character device with major and minor number 0. That is how the kernel's overlay file system stores a whiteout on disk; in a layer it should be a \`.wh.\` file. Copying an overlay directory with tar is the usual cause. Findings about layers of the base image are one \`info\`.`,
    why: "To an overlay runtime the device hides the file below, which was perhaps meant; for every other one it is a device file; and without root it cannot be made at all, so that rootless runtimes fail.",
    bad: [
      {
        title: "An upper directory was packed with tar",
        dockerfile: "FROM scratch\nADD v1.tar /\nADD upper.tar /\n",
        layers: ["opt/ opt/tool(700)", "opt/ opt/tool[char=0:0]"],
      },
    ],
    good: [
      {
        title: "The deletion is a whiteout",
        dockerfile: "FROM scratch\nADD v1.tar /\nADD upper.tar /\n",
        layers: ["opt/ opt/tool(700)", "opt/ opt/.wh.tool"],
      },
    ],
    fix: "None: whether a deletion was meant is yours to say.",
  },
  note: "overlay-whiteout-device",
  does: (paths) => `has ${count(paths, "character device")} 0:0`,
  effect: "overlay runtimes take it for a deletion, others make a device, rootless ones fail",
  advice: "Make the layer with a builder, or write .wh.NAME instead of the device.",
});
