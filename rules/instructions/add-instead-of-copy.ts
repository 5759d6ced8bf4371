import { plainAdd } from "../../src/analysis/steps/plain-add.ts";
import { isEditable } from "../../src/edits/editability.ts";
import { instructionRule } from "../../src/rule/instruction-rule.ts";
import { textFix, replace } from "../../src/rule/text-finding.ts";

export const addInsteadOfCopy = instructionRule({
  id: "add-instead-of-copy",
  aliases: ["DL3020"],
  category: "correctness",
  severity: "warning",
  preset: "strict",
  reads: "dockerfile",
  docs: {
    summary: "ADD where COPY does the same",
    what: "From the Dockerfile: an ADD of files and folders of the build context, none of them named like an archive.",
    why: "ADD unpacks local archives and downloads URLs. COPY makes clear that neither is intended.",
    bad: [{ title: "A folder", dockerfile: "FROM python:3.13\nADD . /app\n" }],
    good: [
      { title: "COPY", dockerfile: "FROM python:3.13\nCOPY . /app\n" },
      { title: "An archive that is unpacked", dockerfile: "FROM scratch\nADD rootfs.tar.xz /\n" },
    ],
    fix: "Replaces ADD by COPY. Safe for folders and for files with the name of a text file. Unsafe for other files: they might be archives despite their names.",
  },
  keywords: ["ADD"],
  find(step, { dockerfile: view }) {
    const { line, keywordRange } = step.instruction;
    const add = plainAdd(step);
    if (add === undefined) return undefined;
    const wanted = view.file.text.slice(keywordRange.start, keywordRange.end) === "add" ? "copy" : "COPY";
    const why = add.doubtful && `${add.doubtful} may be an archive, which ADD unpacks`;
    const edits = [replace(keywordRange, wanted)];
    return {
      message: `line ${line} adds ${add.sources.length === 1 ? add.sources[0] : "files"} of the build context with ADD, where COPY does the same`,
      advice: "Use COPY. ADD is only for archives to unpack and files to download.",
      fix: isEditable(step, view) ? textFix(`COPY in line ${line}`, edits, why) : undefined,
    };
  },
});
