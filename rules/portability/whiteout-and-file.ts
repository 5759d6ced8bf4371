import { count } from "../../src/rule/contract.ts";
import { portabilityRule } from "../../src/rule/portability-rule.ts";

export const whiteoutAndFile = portabilityRule({
  id: "whiteout-and-file",
  severity: "warning",
  docs: {
    summary: "A layer contains a file and, after it, a whiteout of the same name",
    what: "From the layers: `x` followed by `.wh.x` in one layer. The other order, with the whiteout first, works everywhere and is not reported. Findings in base image layers are combined into one `info`.",
    why: "By the specification a whiteout affects lower layers only, so the file stays. containers/storage (Podman, Buildah, CRI-O) fails with 'file exists'.",
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
    fix: "None yet: repairing the image would mean dropping the whiteout, which has no effect.",
  },
  note: "whiteout-and-file",
  does: (paths) =>
    `has ${count(paths, "file")} and, after ${paths === 1 ? "it" : "them"}, the whiteout of the same name`,
  effect: "Podman, Buildah and CRI-O refuse the layer (file exists)",
  advice: "Drop the whiteout: the new file already replaces the old one.",
});
