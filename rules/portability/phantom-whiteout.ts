import { Stack } from "../../src/analysis/layer-stack.ts";
import { count, parentOf } from "../../src/rule/contract.ts";
import { portabilityRule } from "../../src/rule/portability-rule.ts";

export const phantomWhiteout = portabilityRule({
  id: "phantom-whiteout",
  severity: "warning",
  docs: {
    summary: "A whiteout in a directory that no lower layer has shows up as a broken file in some runtimes",
    what: "From the layers: a whiteout that deletes nothing, in a directory that does not exist in the layers below (or was deleted there). A whiteout that deletes nothing in a directory that exists below is harmless and not reported. Findings in base image layers are combined into one `info`.",
    why: "An overlay file system hides a whiteout only in directories that are merged with one below. Elsewhere `ls` lists it, but it cannot be opened: `find`, `cp -a` and `tar` fail on it under Podman, Buildah and CRI-O. umoci and other sequential unpackers show nothing.",
    bad: [
      {
        title: "A cache is created and deleted in one instruction, and the builder records the deletion",
        dockerfile: "FROM scratch\nADD v1.tar /\nADD v2.tar /\n",
        layers: ["opt/ opt/tool(700)", "var/ var/spool/ var/spool/.wh.job"],
      },
    ],
    good: [
      {
        title: "The directory exists below",
        dockerfile: "FROM scratch\nADD v1.tar /\nADD v2.tar /\n",
        layers: ["opt/ opt/tool(700)", "opt/ opt/.wh.job"],
      },
    ],
    fix: "None yet: repairing the image would mean dropping the whiteout, which has no effect.",
  },
  note: "dangling-whiteout",
  only({ image }) {
    const stack = new Stack(image.layers);
    return ({ layer, path }) => !stack.directoryBelow(layer, parentOf(path));
  },
  does: (paths) => `has ${count(paths, "whiteout")} in a directory that no layer below has`,
  effect: "Podman, Buildah and CRI-O list a file there that cannot be opened",
  advice:
    "Build with a tool that writes whiteouts only for what it deletes from a lower layer (BuildKit, Docker, Buildah).",
});
