import { count, defineRule } from "../../src/rule/contract.ts";
import { portabilityIssues, portabilityFindings, type Wording } from "../../src/rule/findings/portability.ts";

const WORDING: Wording = {
  does: (paths) => `has ${count(paths, "whiteout")} without a name`,
  effect: "runtimes ignore it or refuse the layer",
  advice: "Remove the entry, or name the file that it should delete (.wh.NAME).",
};

export const invalidWhiteout = defineRule({
  id: "invalid-whiteout",
  aliases: [],
  category: "portability",
  severity: "warning",
  reads: "image",
  docs: {
    summary: "A layer has a whiteout without a name",
    what: `From the layers: an entry called \`.wh.\` and nothing more. The specification gives it no meaning. Findings about layers of the base image are one \`info\`.`,
    why: "Some runtimes ignore it, some refuse the layer, and taken literally it deletes the directory that it stands in.",
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
    fix: "None: what was to be deleted cannot be known.",
  },
  *check({ image }) {
    yield* portabilityFindings(image, portabilityIssues(image, "invalid-whiteout"), WORDING);
  },
});
