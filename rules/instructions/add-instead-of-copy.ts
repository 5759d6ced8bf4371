import { defineRule, type Instruction } from "../../src/rule/contract.ts";
import { isEditable } from "../../src/edits/editability.ts";
import { allSteps, textFix, textFinding, replace } from "../../src/rule/findings/text-finding.ts";

export const addInsteadOfCopy = defineRule({
  id: "add-instead-of-copy",
  aliases: ["DL3020"],
  category: "correctness",
  severity: "warning",
  preset: "strict",
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
  *check({ dockerfile: view }) {
    if (view === undefined) return;
    for (const step of allSteps(view)) {
      const { instruction: at } = step;
      const sources = at.words.slice(0, -1).map(({ value }) => value);
      if (at.keyword !== "ADD" || sources.length === 0 || sources.some((each) => ADDED.test(each))) continue;
      if (sources.some((each) => each.includes("$")) || at.flags.some(({ name }) => ONLY_ADD.has(name)))
        continue;
      const odd = sources.find((each) => !(isHeredoc(at, each) || FOLDER.test(each) || TEXT.test(each)));
      const written = view.file.text.slice(at.keywordRange.start, at.keywordRange.end);
      const wanted = written === "add" ? "copy" : "COPY";
      yield textFinding({
        at,
        message: `line ${at.line} adds ${sources.length === 1 ? sources[0] : "files"} of the build context with ADD, where COPY does the same`,
        advice: "Use COPY. ADD is only for archives to unpack and files to download.",
        fix: isEditable(step, view)
          ? textFix(
              `COPY in line ${at.line}`,
              [replace(at.keywordRange, wanted)],
              odd === undefined ? undefined : `${odd} may be an archive, which ADD unpacks`,
            )
          : undefined,
      });
    }
  },
});

const ADDED =
  /^(?:https?|ftp|git|ssh):|^git@|\.(?:tar(?:\.\w+)?|tgz|tbz2?|txz|tzst|gz|bz2|xz|zst)$|^[^/]*\*$/i;
const ONLY_ADD = new Set(["checksum", "keep-git-dir", "unpack"]);
const FOLDER = /(?:^|\/)\.?$/;
const TEXT =
  /\.(?:sh|py|js|ts|json|txt|ya?ml|toml|ini|cfg|conf|md|html|css|sql|xml|php|rb|pl|pem|key|crt|properties|service|lock)$/i;

function isHeredoc({ heredocs }: Instruction, word: string): boolean {
  return heredocs.length > 0 && word.startsWith("<<");
}
