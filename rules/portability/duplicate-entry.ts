import { count } from "../../src/rule/contract.ts";
import { portabilityRule } from "../../src/rule/portability-rule.ts";

export const duplicateEntry = portabilityRule({
  id: "duplicate-entry",
  severity: "warning",
  docs: {
    summary: "A layer contains the same path twice",
    what: "From the layers: two entries with the same path in one layer. The last one counts. If the earlier one is a file, its bytes are dead, and this rule counts them. Findings in base image layers are combined into one `info`.",
    why: "The specification forbids it. In sequential unpackers the last entry wins; containers/storage (Podman, Buildah, CRI-O) rejects the layer. A container never sees the bytes of the first entry.",
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
    fix: "Rewriting the image drops the earlier copies. Safe: containers see the same file system.",
  },
  note: "duplicate-entry",
  cause: "duplicate-entry",
  does: (paths) => `has ${count(paths, "path")} more than once`,
  effect: "the last entry counts; Podman, Buildah and CRI-O refuse the layer",
  advice:
    "Let the tool that packs the layer write every path once (with tar: do not append, and do not list files twice).",
});
