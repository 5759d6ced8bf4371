import { count } from "../../src/rule/contract.ts";
import { portabilityRule } from "../../src/rule/portability-rule.ts";

export const duplicateEntry = portabilityRule({
  id: "duplicate-entry",
  severity: "warning",
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
  note: "duplicate-entry",
  cause: "duplicate-entry",
  does: (paths) => `has ${count(paths, "path")} twice or more`,
  effect: "the last entry counts, Podman, Buildah and CRI-O refuse the layer",
  advice:
    "Let the tool that packs the layer write every path once (with tar: do not append, and do not list files twice).",
});
