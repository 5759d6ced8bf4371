import { count } from "../../src/rule/contract.ts";
import { portabilityRule } from "../../src/rule/portability-rule.ts";

export const recreatedDirectory = portabilityRule({
  id: "recreated-directory",
  severity: "warning",
  docs: {
    summary:
      "A directory that one layer deletes and recreates without an opaque marker shows its old files in some runtimes",
    what: "From the layers: a layer with both a whiteout of a directory and the directory itself, while the layers below have files in it. Builders on overlay file systems write an opaque marker (`.wh..wh..opq`) instead, which every runtime understands. Findings in base image layers are combined into one `info`.",
    why: "By the image specification the old content is gone, and umoci agrees. The overlay driver of containers/storage (Podman, Buildah, CRI-O) shows the old files again, or rejects the layer if the whiteout comes last: one image, two file systems.",
    bad: [
      {
        title: "The folder is emptied by a whiteout and filled again in one layer",
        dockerfile: "FROM scratch\nADD site-v1.tar /\nADD site-v2.tar /\n",
        layers: ["srv/ srv/old.html(5000)", ".wh.srv srv/ srv/new.html(40)"],
      },
    ],
    good: [
      {
        title: "The folder is marked opaque",
        dockerfile: "FROM scratch\nADD site-v1.tar /\nADD site-v2.tar /\n",
        layers: ["srv/ srv/old.html(5000)", "srv/ srv/.wh..wh..opq srv/new.html(40)"],
      },
    ],
    fix: "None yet: repairing the image would mean replacing the whiteout by an opaque marker.",
  },
  note: "recreated-directory",
  does: (paths) => `deletes and recreates ${count(paths, "directory", "directories")} in one layer`,
  effect: "Podman, Buildah and CRI-O show the old files again, or refuse the layer",
  advice:
    "Build with a tool that writes opaque markers (BuildKit, Docker, Buildah), or delete and recreate the directory in two instructions.",
});
