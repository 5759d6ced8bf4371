import { count } from "../../src/rule/contract.ts";
import { portabilityRule } from "../../src/rule/portability-rule.ts";

export const pathThroughSymlink = portabilityRule({
  id: "path-through-symlink",
  severity: "warning",
  docs: {
    summary: "A layer writes below a path that is a symlink in the layers below",
    what: "From the layers: an entry or a whiteout whose parent directory is a symlink in the layers below, such as `bin/tool` over a base in which `bin` links to `usr/bin`. The usual cause is adding an archive to such a base. Findings in base image layers are combined into one `info`.",
    why: "umoci and plain tar follow the link. The overlay drivers of containers/storage (Podman, Buildah, CRI-O) replace the link by a new directory with only this file: on a base with merged /usr, everything else in /bin disappears.",
    bad: [
      {
        title: "A tool is added to /bin of a base with merged /usr",
        dockerfile: "FROM scratch\nADD base.tar /\nADD tool.tar /\n",
        layers: ["usr/ usr/bin/ usr/bin/sh(9000) bin→usr/bin", "bin/tool(300)"],
      },
    ],
    good: [
      {
        title: "The tool is added to the real directory",
        dockerfile: "FROM scratch\nADD base.tar /\nADD tool.tar /\n",
        layers: ["usr/ usr/bin/ usr/bin/sh(9000) bin→usr/bin", "usr/ usr/bin/ usr/bin/tool(300)"],
      },
    ],
    fix: "None: layerlint cannot know which of the two file systems was intended.",
  },
  note: "path-through-symlink",
  does: (paths) => `writes ${count(paths, "path")} through a symlink of a lower layer`,
  effect: "Podman, Buildah and CRI-O replace the link by a directory, other runtimes follow it",
  advice: "Pack the files under the real path that the link points to.",
});
