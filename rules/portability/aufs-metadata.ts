import { count } from "../../src/rule/contract.ts";
import { portabilityRule } from "../../src/rule/portability-rule.ts";

export const aufsMetadata = portabilityRule({
  id: "aufs-metadata",
  severity: "warning",
  docs: {
    summary: "A layer holds bookkeeping files of the AUFS storage driver",
    what: `From the layers: entries below a name that starts with \`.wh..wh.\` and is no opaque marker, such as \`.wh..wh.plnk/\`. AUFS kept hardlinks and orphans there. No container sees them; their bytes are dead, and this rule owns them. Findings about layers of the base image are one \`info\`.`,
    why: "They are leftovers of a storage driver that is gone. Most runtimes skip them; umoci unpacks them as ordinary files.",
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
    fix: "Rewriting the image drops them; containers see the same file system, so this is safe.",
  },
  note: "aufs-metadata",
  cause: "aufs-metadata",
  does: (paths) => `holds ${count(paths, "entry", "entries")} of AUFS bookkeeping`,
  effect: "most runtimes skip them, some unpack them as files",
  advice: "Build the image again with a current builder.",
});
