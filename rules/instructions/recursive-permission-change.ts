import { isProvenByLayers } from "../../src/analysis/layer-evidence.ts";
import { changeBy } from "../../src/analysis/ownership/permission-change.ts";
import { isSystemTree } from "../../src/analysis/ownership/system-trees.ts";
import { overlaps } from "../../src/paths.ts";
import { commandRule } from "../../src/rule/command-rule.ts";

export const recursivePermissionChange = commandRule({
  id: "recursive-permission-change",
  aliases: [],
  category: "size",
  severity: "warning",
  reads: "build",
  docs: {
    summary: "chmod or chown of a whole system folder stores all of it a second time",
    what: "From the Dockerfile: `chmod -R`, `chown -R` or `chgrp -R` in a RUN on `/`, `/usr`, `/etc`, `/var` and other folders that every base image fills. With an image that shows what the RUN changed, `metadata-rewrite` reports the bytes instead.",
    why: "A layer stores whole files. Every file that the command touches is copied into the new layer, whatever its mode or owner was, and `chmod -R 777 /` makes all of them writable by everybody.",
    bad: [{ title: "chmod -R of /usr", dockerfile: "FROM python:3.13\nRUN chmod -R g+w /usr/local\n" }],
    good: [
      {
        title: "Only the folder that the application writes to",
        dockerfile: "FROM python:3.13\nRUN mkdir /data && chown 1000 /data\n",
      },
    ],
    fix: "None: the text does not show which of the files need it.",
  },
  find(command, { instruction: at, mounts }, subject) {
    const change = changeBy(command);
    if (change === undefined || !change.recursive || isProvenByLayers(subject, at)) return undefined;
    const isMounted = (path: string) =>
      mounts.some(({ target }) => target === undefined || overlaps(target, path));
    const tree = change.operands.find(({ path }) => isSystemTree(path) && !isMounted(path));
    if (tree === undefined) return undefined;
    return {
      message: `line ${at.line} changes ${change.flag === "chmod" ? "the mode" : "the owner"} of all files in ${tree.path}: each is stored again`,
      advice: `Change only what needs it, or run as a user who may read the files as they are. For files that this Dockerfile adds, use COPY --${change.flag}.`,
    };
  },
});
