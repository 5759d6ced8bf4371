import { count } from "../../src/rule/contract.ts";
import { portabilityRule } from "../../src/rule/portability-rule.ts";

export const whiteoutAndFile = portabilityRule({
  id: "whiteout-and-file",
  severity: "warning",
  docs: {
    summary: "A layer has a file and, after it, the whiteout of the same name",
    what: `From the layers: \`x\` followed by \`.wh.x\` in one layer. The other order, the whiteout first, works everywhere and is not reported. Findings about layers of the base image are one \`info\`.`,
    why: "The specification says that a whiteout only concerns lower layers, so the file stays. containers/storage (Podman, Buildah, CRI-O) fails with 'file exists'.",
    bad: [
      {
        title: "The whiteout comes after the new file",
        dockerfile: "FROM scratch\nADD v1.tar /\nADD v2.tar /\n",
        layers: ["opt/ opt/tool(700)", "opt/ opt/tool(800) opt/.wh.tool"],
      },
    ],
    good: [
      {
        title: "The new file alone replaces the old one",
        dockerfile: "FROM scratch\nADD v1.tar /\nADD v2.tar /\n",
        layers: ["opt/ opt/tool(700)", "opt/ opt/tool(800)"],
      },
    ],
    fix: "None yet: a repair of the image would drop the whiteout, which has no effect.",
  },
  note: "whiteout-and-file",
  does: (paths) =>
    `has ${count(paths, "file")} and, after ${paths === 1 ? "it" : "them"}, the whiteout of the same name`,
  effect: "Podman, Buildah and CRI-O refuse the layer (file exists)",
  advice: "Leave the whiteout out: the new file already replaces the old one.",
});
