import { count } from "../../src/rule/contract.ts";
import { portabilityRule } from "../../src/rule/portability-rule.ts";

export const conflictInLayer = portabilityRule({
  id: "conflict-in-layer",
  severity: "warning",
  docs: {
    summary: "A layer makes a path a file or a symlink, and has entries or whiteouts below it",
    what: "From the layers: a path that is a file, a symlink or another non-directory in the same layer that also has an entry such as `a/b`, or a whiteout such as `a/.wh.b`, below it. No file system can hold both. Findings in base image layers are combined into one `info`.",
    why: "The order in the archive decides what a runtime makes of it. Podman and Buildah on overlay refuse the layer; others follow the symlink, or keep one of the two.",
    bad: [
      {
        title: "A directory becomes a symlink, and one of its files is deleted as well",
        dockerfile: "FROM scratch\nADD v1.tar /\nADD v2.tar /\n",
        layers: ["data/ data/old(1000) srv/", "data→srv data/.wh.old"],
      },
    ],
    good: [
      {
        title: "The symlink replaces the directory with everything in it",
        dockerfile: "FROM scratch\nADD v1.tar /\nADD v2.tar /\n",
        layers: ["data/ data/old(1000) srv/", "data→srv"],
      },
    ],
    fix: "None: layerlint cannot know which of the two was intended.",
  },
  note: "conflict-in-layer",
  does: (paths) =>
    `makes ${count(paths, "path")} a file or a symlink, and has entries or whiteouts below ${paths === 1 ? "it" : "them"}`,
  effect:
    "Podman and Buildah refuse the layer on overlay, other runtimes follow a link or keep one of the two",
  advice: "Build the layer with a tool that writes either the link or what is below the directory, not both.",
});
