import { commandRule } from "../../src/rule/command-rule.ts";
import { changeBy } from "../../src/analysis/ownership/permission-change.ts";
import { isSystemTree } from "../../src/analysis/ownership/system-trees.ts";
import { overlaps } from "../../src/paths.ts";
import { isProvenByLayers } from "../../src/analysis/layer-evidence.ts";

export const recursivePermissionChange = commandRule({
  id: "recursive-permission-change",
  aliases: [],
  category: "size",
  severity: "warning",
  reads: "build",
  docs: {
    summary: "chmod or chown of a whole system folder stores all of it a second time",
    what: "From the Dockerfile: `chmod -R`, `chown -R` or `chgrp -R` in a RUN on `/`, `/usr`, `/etc`, `/var` and other folders that every base image fills. With an image that tells what the RUN changed, `metadata-rewrite` says the bytes instead.",
    why: "A layer stores whole files. Whatever mode or owner they had, every file that the command touches is copied into the new layer, and `chmod -R 777 /` opens all of them to everybody.",
    bad: [{ title: "All of /usr once more", dockerfile: "FROM python:3.13\nRUN chmod -R g+w /usr/local\n" }],
    good: [
      {
        title: "Only the folder that is written to",
        dockerfile: "FROM python:3.13\nRUN mkdir /data && chown 1000 /data\n",
      },
    ],
    fix: "None: which of the files need it, the text does not show.",
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
      advice: `Name only what needs it, or run as a user who may read it as it is; what this Dockerfile puts there can have it from COPY --${change.flag}.`,
    };
  },
});
