import { count, defineRule } from "../../src/rule/contract.ts";
import {
  deadFilesBy,
  portabilityIssues,
  portabilityFindings,
  type Wording,
} from "../../src/rule/findings/portability.ts";

const WORDING: Wording = {
  does: (paths) => `has ${count(paths, "path")} twice or more`,
  effect: "the last entry counts, Podman, Buildah and CRI-O refuse the layer",
  advice:
    "Let the tool that packs the layer write every path once (with tar: do not append, and do not list files twice).",
};

export const duplicateEntry = defineRule({
  id: "duplicate-entry",
  aliases: [],
  category: "portability",
  severity: "warning",
  reads: "image",
  docs: {
    summary: "A layer has the same path twice",
    what: `From the layers: two entries with one path in the same layer. The last one counts; where the earlier one is a file, its bytes are dead, and this rule owns them. Findings about layers of the base image are one \`info\`.`,
    why: "The specification forbids it. Sequential unpackers let the last entry win; containers/storage (Podman, Buildah, CRI-O) refuses the layer. A container never sees the bytes of the first entry.",
    bad: [
      {
        title: "A packer wrote the file twice",
        dockerfile: "FROM scratch\nADD twice.tar /\n",
        layers: ["opt/ opt/tool(150000) opt/tool(160000)"],
      },
    ],
    good: [
      {
        title: "Every path once",
        dockerfile: "FROM scratch\nADD once.tar /\n",
        layers: ["opt/ opt/tool(160000)"],
      },
    ],
    fix: "Rewriting the image drops the earlier copies; containers see the same file system, so this is safe.",
  },
  *check({ image }) {
    const found = [...portabilityIssues(image, "duplicate-entry"), ...deadFilesBy(image, "duplicate-entry")];
    yield* portabilityFindings(image, found, WORDING);
  },
});
