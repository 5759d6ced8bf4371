import { isInVolume, leftArchives, type LeftArchive } from "../../src/analysis/archives/left-archives.ts";
import { startsOpaque } from "../../src/analysis/steps/opaque.ts";
import { pathAccessOf } from "../../src/analysis/steps/path-access.ts";
import { stepsAfter } from "../../src/build/steps-after.ts";
import { defined } from "../../src/defined.ts";
import { append } from "../../src/edits/append.ts";
import { isEditable } from "../../src/edits/editability.ts";
import { guarantee } from "../../src/edits/fix.ts";
import { shellQuoted } from "../../src/edits/shell-quoted.ts";
import {
  defineRule,
  formatBytes,
  type DockerfileView,
  type Finding,
  type Fix,
} from "../../src/rule/contract.ts";
import { severityOf } from "../../src/rule/findings/dead-file-words.ts";

export const archiveLeft = defineRule({
  id: "archive-left",
  aliases: [],
  category: "size",
  severity: "warning",
  reads: "build",
  docs: {
    summary: "An archive that a RUN downloads and unpacks stays in the image",
    what: "From the Dockerfile: a RUN that certainly downloads an archive or a package to a literal path (`curl`, `wget`) and certainly unpacks or installs it (`tar`, `unzip`, `7z`, `dpkg -i`, `rpm -i`, `apt-get install /x.deb`), if neither this RUN nor a later one removes it. A file that a later instruction names is considered wanted. With an image whose history matches, the file must be in the layer of the RUN.",
    why: "The content is in the image twice: packed and unpacked. Containers do not need the packed copy.",
    bad: [
      {
        title: "The archive stays beside its content",
        dockerfile:
          "FROM debian:12\nRUN curl -fsSLo /opt/node.tar.xz https://nodejs.org/dist/v22.0.0/node.tar.xz \\\n && tar -xJf /opt/node.tar.xz -C /opt\n",
        layers: ["opt/ opt/node.tar.xz(30000000) opt/node/ opt/node/bin(90000000)"],
      },
    ],
    good: [
      {
        title: "Removed in the same RUN",
        dockerfile:
          "FROM debian:12\nRUN curl -fsSLo /opt/node.tar.xz https://nodejs.org/dist/v22.0.0/node.tar.xz \\\n && tar -xJf /opt/node.tar.xz -C /opt \\\n && rm /opt/node.tar.xz\n",
      },
      {
        title: "Never written to a file",
        dockerfile:
          "FROM debian:12\nRUN set -o pipefail && curl -fsSL https://nodejs.org/dist/v22.0.0/node.tar.xz | tar -xJ -C /opt\n",
      },
    ],
    fix: "Appends an `rm` of the archive to the RUN. Safe if appending changes nothing else, the path is literal, and no later instruction, COPY --from, CMD, ENTRYPOINT or VOLUME can refer to it, nor a program that the container starts. Otherwise unsafe, with the condition that is not met.",
  },
  *check(subject) {
    const { dockerfile } = subject;
    for (const left of leftArchives(subject))
      if (left.copied === undefined) yield toFinding(left, dockerfile);
  },
});

function toFinding(left: LeftArchive, view: DockerfileView): Finding {
  const { adder, unpacking, proof } = left;
  const { line } = adder.instruction;
  const bytes = proof?.entry.size;
  const fix = removal(left, view);
  const { start, end } = unpacking.command;
  return {
    message: `line ${line} unpacks ${unpacking.path} and leaves ${bytes === undefined ? "the archive" : `the archive of ${formatBytes(bytes)}`} in the image`,
    advice: `End the RUN with && rm ${unpacking.path}, or pipe the download into tar (… | tar -x, with set -o pipefail) so that there is no file.`,
    ...(bytes === undefined ? undefined : { bytes, ...severityOf(bytes) }),
    ...defined({ inodes: proof && [proof] }),
    evidence: proof === undefined ? "dockerfile" : "both",
    locations: [
      { instruction: adder.instruction, range: { start, end } },
      ...(proof === undefined ? [] : [{ layer: proof.layer, path: proof.entry.path }]),
    ],
    ...defined({ fixes: fix && [{ ...fix, ...defined({ bytes }) }] }),
  };
}

function removal({ adder, unpacking }: LeftArchive, view: DockerfileView): Fix | undefined {
  const { path, word, command } = unpacking;
  if (!isEditable(adder, view)) return undefined;
  const isVariable = word.value !== word.text.replace(/^(["'])(.*)\1$/, "$2");
  const last = adder.script?.commands.at(-1);
  // a name with a variable is written again as it is, so it has to be read in the same folder
  if (isVariable && !/^["']?\//.test(word.text) && (command.cwd === undefined || last?.cwd !== command.cwd))
    return undefined;
  const text = `rm ${isVariable ? word.text : shellQuoted(path)}`;
  const appended = append(adder, text, view);
  if (appended === undefined) return undefined;
  const condition =
    (isVariable ? `the path of the archive contains a variable: ${word.text}` : undefined) ??
    whyWanted(adder, path, view) ??
    appended.condition;
  return {
    description: `append ${text} to line ${adder.instruction.line}`,
    ...guarantee(condition),
    edits: appended.edits,
  };
}

const AT_START = new Set(["CMD", "ENTRYPOINT", "HEALTHCHECK"]);

/** Who else may be about the file. */
function whyWanted(adder: LeftArchive["adder"], path: string, view: DockerfileView): string | undefined {
  if (isInVolume(path, view.steps)) return "the archive is in a VOLUME";
  for (const step of stepsAfter(adder, view)) {
    const { keyword, line, body } = step.instruction;
    if (keyword !== "RUN" && body.includes(path)) return `line ${line} (${keyword}) names the archive`;
    if (AT_START.has(keyword) && startsOpaque(step.instruction))
      return `what the ${keyword} of line ${line} starts may use the archive`;
    // a COPY that writes over it does not read it
    if (keyword !== "COPY" && keyword !== "ADD" && keyword !== "WORKDIR" && pathAccessOf(step, path) !== "no")
      return `line ${line} may use the archive`;
  }
  for (const { from, to } of view.references) {
    if (to !== adder.stage || from.keyword === "FROM") continue;
    const sources = from.keyword === "COPY" ? from.words.slice(0, -1).map(({ value }) => value) : ["/"];
    if (
      sources.some((source) =>
        `${path}/`.startsWith(`/${source.replace(/^\/|\/$/g, "")}/`.replace("//", "/")),
      )
    )
      return `line ${from.line} copies it to another stage`;
    if (sources.some((source) => /[*?[$]/.test(source)))
      return `line ${from.line} may copy it to another stage`;
  }
  return undefined;
}
