import type { CopyStep } from "../../src/build/build.ts";
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
    const { instruction: at } = step;
    const sources = at.words.slice(0, -1).map(({ value }) => value);
    if (sources.length === 0 || sources.some((each) => ADDED.test(each) || each.includes("$")))
      return undefined;
    if (at.flags.some(({ name }) => ONLY_ADD.has(name))) return undefined;
    const odd = sources.find((each) => !(isHeredoc(at, each) || FOLDER.test(each) || TEXT.test(each)));
    const written = view.file.text.slice(at.keywordRange.start, at.keywordRange.end);
    const wanted = written === "add" ? "copy" : "COPY";
    return {
      message: `line ${at.line} adds ${sources.length === 1 ? sources[0] : "files"} of the build context with ADD, where COPY does the same`,
      advice: "Use COPY. ADD is only for archives to unpack and files to download.",
      fix: isEditable(step, view)
        ? textFix(
            `COPY in line ${at.line}`,
            [replace(at.keywordRange, wanted)],
            odd === undefined ? undefined : `${odd} may be an archive, which ADD unpacks`,
          )
        : undefined,
    };
  },
});

const ADDED =
  /^(?:https?|ftp|git|ssh):|^git@|\.(?:tar(?:\.\w+)?|tgz|tbz2?|txz|tzst|gz|bz2|xz|zst)$|^[^/]*\*$/i;
const ONLY_ADD = new Set(["checksum", "keep-git-dir", "unpack"]);
const FOLDER = /(?:^|\/)\.?$/;
const TEXT =
  /\.(?:sh|py|js|ts|json|txt|ya?ml|toml|ini|cfg|conf|md|html|css|sql|xml|php|rb|pl|pem|key|crt|properties|service|lock)$/i;

function isHeredoc({ heredocs }: CopyStep["instruction"], word: string): boolean {
  return heredocs.length > 0 && word.startsWith("<<");
}
