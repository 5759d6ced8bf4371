import { isRewordable } from "../../src/edits/editability.ts";
import { lineEnd } from "../../src/edits/layout.ts";
import { instructionRule } from "../../src/rule/instruction-rule.ts";
import { replace, textFix } from "../../src/rule/text-finding.ts";

export const maintainer = instructionRule({
  id: "maintainer",
  aliases: ["DL4000", "MaintainerDeprecated"],
  category: "correctness",
  severity: "info",
  preset: "strict",
  reads: "dockerfile",
  docs: {
    summary: "MAINTAINER is deprecated",
    what: "From the Dockerfile: every MAINTAINER.",
    why: "It sets a single field that hardly any tool reads. A label of the OCI image specification says the same, and other labels can complement it.",
    bad: [
      { title: "The old instruction", dockerfile: "FROM alpine:3.20\nMAINTAINER Ada <ada@example.com>\n" },
    ],
    good: [
      {
        title: "The label",
        dockerfile: 'FROM alpine:3.20\nLABEL org.opencontainers.image.authors="Ada <ada@example.com>"\n',
      },
    ],
    fix: "Replaces it by the label `org.opencontainers.image.authors`. Unsafe: the author field of the image is then empty.",
  },
  keywords: ["MAINTAINER"],
  find({ instruction: at }, { dockerfile: view }) {
    const { text } = view.file;
    const name = at.body.replace(/^"(.*)"$/, "$1");
    const isPlain = at.line === at.endLine && !/["\\`$]/.test(name);
    const keyword = text[at.keywordRange.start] === "m" ? "label" : "LABEL";
    const label = `${keyword} org.opencontainers.image.authors="${name}"`;
    const all = { start: at.start, end: Math.min(at.end, lineEnd(text, at.start)) };
    return {
      message: `line ${at.line} has a MAINTAINER, which is deprecated`,
      advice: "Use LABEL org.opencontainers.image.authors instead.",
      fix:
        isPlain && isRewordable(at, view)
          ? textFix(
              `a label instead of MAINTAINER in line ${at.line}`,
              [replace(all, label)],
              "the author field of the image stays empty",
            )
          : undefined,
    };
  },
});
