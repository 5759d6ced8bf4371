import { defineRule } from "../../src/rule/contract.ts";
import { changeBy } from "../../src/analysis/ownership/permission-change.ts";
import { isSystemTree } from "../../src/analysis/ownership/system-trees.ts";
import { overlaps } from "../../src/paths.ts";
import { isProvenByLayers } from "../../src/analysis/layer-evidence.ts";
import { textFinding } from "../../src/rule/text-finding.ts";

export const recursivePermissionChange = defineRule({
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
  *check(subject) {
    const { dockerfile: view } = subject;
    for (const { instruction: at, script, mounts } of view.steps) {
      if (at.keyword !== "RUN" || isProvenByLayers(subject, at)) continue;
      for (const command of script?.commands ?? []) {
        const change = changeBy(command);
        if (change === undefined || !change.recursive) continue;
        const tree = change.operands.find(
          ({ path }) =>
            isSystemTree(path) &&
            !mounts.some(({ target }) => target === undefined || overlaps(target, path)),
        );
        if (tree === undefined) continue;
        yield textFinding({
          at,
          range: command,
          message: `line ${at.line} changes ${change.flag === "chmod" ? "the mode" : "the owner"} of all files in ${tree.path}: each is stored again`,
          advice: `Name only what needs it, or run as a user who may read it as it is; what this Dockerfile puts there can have it from COPY --${change.flag}.`,
        });
      }
    }
  },
});
