import { count } from "../../src/rule/contract.ts";
import { portabilityRule } from "../../src/rule/portability-rule.ts";

export const overlayWhiteoutDevice = portabilityRule({
  id: "overlay-whiteout-device",
  severity: "warning",
  docs: {
    summary:
      "A layer contains a character device 0:0: a whiteout of an overlay directory that was packed as it is",
    what: "From the layers: a character device with major and minor number 0. The overlay file system of the kernel stores whiteouts on disk this way; in a layer it should be a `.wh.` file. The usual cause is copying an overlay directory with tar. Findings in base image layers are combined into one `info`.",
    why: "Overlay runtimes hide the file below, which may be intended. For all others it is a device file. Without root it cannot be created at all, so rootless runtimes fail.",
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
    fix: "None: layerlint cannot know whether a deletion was intended.",
  },
  note: "overlay-whiteout-device",
  does: (paths) => `has ${count(paths, "character device")} 0:0`,
  effect: "overlay runtimes take it for a deletion, others create a device, rootless ones fail",
  advice: "Create the layer with a builder, or write .wh.NAME instead of the device.",
});
