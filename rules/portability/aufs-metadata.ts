import { count } from "../../src/rule/contract.ts";
import { portabilityRule } from "../../src/rule/portability-rule.ts";

export const aufsMetadata = portabilityRule({
  id: "aufs-metadata",
  severity: "warning",
  docs: {
    summary: "A layer holds internal files of the AUFS storage driver",
    what: "From the layers: entries below a name that starts with `.wh..wh.` and is not an opaque marker, such as `.wh..wh.plnk/`, where AUFS kept hardlinks and orphans. No container sees them. Their dead bytes are counted by this rule. Findings in base image layers are combined into one `info`.",
    why: "They are leftovers of an obsolete storage driver. Most runtimes skip them, but umoci unpacks them as ordinary files.",
    bad: [
      {
        title: "The hardlink directory of AUFS was packed with the layer",
        dockerfile: "FROM scratch\nADD old.tar /\n",
        layers: ["opt/ opt/tool(700) .wh..wh.plnk/ .wh..wh.plnk/1.2(700)"],
      },
    ],
    good: [
      {
        title: "The layer without it",
        dockerfile: "FROM scratch\nADD old.tar /\n",
        layers: ["opt/ opt/tool(700)"],
      },
    ],
    fix: "Rewriting the image drops them. Safe: containers see the same file system.",
  },
  note: "aufs-metadata",
  cause: "aufs-metadata",
  does: (paths) => `holds ${count(paths, "entry", "entries")} of AUFS metadata`,
  effect: "most runtimes skip them, some unpack them as files",
  advice: "Rebuild the image with a current builder.",
});
