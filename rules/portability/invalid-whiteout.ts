import { count } from "../../src/rule/contract.ts";
import { portabilityRule } from "../../src/rule/portability-rule.ts";

export const invalidWhiteout = portabilityRule({
  id: "invalid-whiteout",
  severity: "warning",
  docs: {
    summary: "A layer contains a whiteout without a name",
    what: "From the layers: an entry named just `.wh.`. The specification gives it no meaning. Findings in base image layers are combined into one `info`.",
    why: "Some runtimes ignore it, others reject the layer. Taken literally, it deletes the directory that contains it.",
    bad: [
      {
        title: "A whiteout of nothing",
        dockerfile: "FROM scratch\nADD v1.tar /\nADD v2.tar /\n",
        layers: ["opt/ opt/tool(700)", "opt/ opt/.wh."],
      },
    ],
    good: [
      {
        title: "A whiteout of a name",
        dockerfile: "FROM scratch\nADD v1.tar /\nADD v2.tar /\n",
        layers: ["opt/ opt/tool(700)", "opt/ opt/.wh.tool"],
      },
    ],
    fix: "None: it is unknown which file should be deleted.",
  },
  note: "invalid-whiteout",
  does: (paths) => `has ${count(paths, "whiteout")} without a name`,
  effect: "runtimes ignore it or refuse the layer",
  advice: "Remove the entry, or name the file that it should delete (.wh.NAME).",
});
