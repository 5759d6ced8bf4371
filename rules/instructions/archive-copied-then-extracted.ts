import { leftArchives, type LeftArchive } from "../../src/analysis/archives/left-archives.ts";
import { defined } from "../../src/defined.ts";
import { mountInstead } from "../../src/edits/bind-mount.ts";
import { drop } from "../../src/edits/drop.ts";
import { isEditable } from "../../src/edits/editability.ts";
import { mergeEdits } from "../../src/edits/merge-edits.ts";
import {
  defineRule,
  formatBytes,
  type DockerfileView,
  type Finding,
  type Fix,
} from "../../src/rule/contract.ts";
import { severityOf } from "../../src/rule/findings/dead-file-words.ts";

/** What ADD unpacks by itself. */
const UNPACKED = /\.(?:tar|tgz|tbz2?|txz|tar\.(?:gz|bz2|xz))$/i;

export const archiveCopiedThenExtracted = defineRule({
  id: "archive-copied-then-extracted",
  aliases: ["DL3010"],
  category: "size",
  severity: "warning",
  reads: "build",
  docs: {
    summary: "A COPY adds an archive that a RUN unpacks, and the archive stays in the image",
    what: "From the Dockerfile: a COPY of an archive or a package, and a later RUN that certainly unpacks or installs it (`tar`, `unzip`, `7z`, `dpkg -i`, …), if nothing removes the file. An archive that a later RUN deletes is reported by `deleted-later`. With an image whose history matches, the file must be in the layer of the COPY.",
    why: "The content is in the image twice: packed and unpacked. The builder can unpack it itself (ADD), or mount it for the RUN (a bind mount).",
    bad: [
      {
        title: "The archive stays beside its content",
        dockerfile: "FROM debian:12\nCOPY app.tar.gz /tmp/\nRUN tar -xzf /tmp/app.tar.gz -C /opt\n",
        layers: ["tmp/ tmp/app.tar.gz(800000)", "opt/ opt/app(2000000)"],
      },
    ],
    good: [
      {
        title: "The builder unpacks it",
        dockerfile: "FROM debian:12\nADD app.tar.gz /opt/\n",
        layers: ["opt/ opt/app(2000000)"],
      },
      {
        title: "The RUN mounts it",
        dockerfile:
          "FROM debian:12\nRUN --mount=type=bind,source=app.tar.gz,target=/tmp/app.tar.gz tar -xzf /tmp/app.tar.gz --strip-components=1 -C /opt\n",
        layers: ["opt/ opt/app(2000000)"],
      },
    ],
    fix: "A RUN that contains nothing but a plain `tar -x` becomes the equivalent ADD. Any other RUN gets the archive through a bind mount. Always unsafe: the archive is no longer in the image, and ADD keeps the owners recorded in the archive.",
  },
  *check(subject) {
    const { dockerfile } = subject;
    for (const left of leftArchives(subject))
      if (left.copied !== undefined) yield toFinding(left, dockerfile);
  },
});

function toFinding(left: LeftArchive, view: DockerfileView): Finding {
  const { adder, user, unpacking, proof } = left;
  const bytes = proof?.entry.size;
  const fix = addInstead(left, view) ?? mountInstead(adder, undefined, [], view);
  const { start, end } = unpacking.command;
  return {
    message: `line ${adder.instruction.line} copies ${unpacking.path}, line ${user.instruction.line} unpacks it, and ${bytes === undefined ? "the archive" : `the archive of ${formatBytes(bytes)}`} stays in the image`,
    advice: `Let ADD unpack it, or mount it for the RUN: RUN --mount=type=bind,source=…,target=${unpacking.path}.`,
    ...(bytes === undefined ? undefined : { bytes, ...severityOf(bytes) }),
    ...defined({ inodes: proof && [proof] }),
    evidence: proof === undefined ? "dockerfile" : "both",
    locations: [
      { instruction: adder.instruction, label: "copied here" },
      { instruction: user.instruction, range: { start, end }, label: "unpacked here" },
      ...(proof === undefined ? [] : [{ layer: proof.layer, path: proof.entry.path }]),
    ],
    ...defined({ fixes: fix && [{ ...fix, ...defined({ bytes }) }] }),
  };
}

/** `ADD app.tar.gz /opt/` in the place of the RUN, when that does nothing else. */
function addInstead({ adder, copied, user, unpacking }: LeftArchive, view: DockerfileView): Fix | undefined {
  const { instruction, script } = user;
  const { into } = unpacking;
  const isAll = script.commands.length === 1 && script.list?.items.length === 1;
  if (copied === undefined || into === undefined || !isAll || instruction.flags.length > 0) return undefined;
  if (adder.instruction.flags.length > 0 || adder.instruction.words.length !== 2) return undefined;
  if (!isEditable(adder, view) || !isEditable(user, view) || adder.stage !== user.stage) return undefined;
  if (!UNPACKED.test(copied.source) || /[\s"'$\\`]/.test(copied.source + into)) return undefined;
  const { comments } = view.file;
  if (comments.some(({ start, end }) => start >= instruction.start && end <= instruction.end))
    return undefined;
  const gone = drop(view, adder.instruction);
  if (gone === undefined) return undefined;
  const text = `ADD ${copied.source} ${into.replace(/\/?$/, "/")}`;
  return {
    description: `${text} instead of line ${adder.instruction.line} and line ${instruction.line}`,
    safety: "unsafe",
    condition:
      "ADD keeps the owners recorded in the archive, and the archive itself is no longer in the image",
    edits: mergeEdits([gone, { start: instruction.start, end: instruction.end, text }], view.file.text),
  };
}
