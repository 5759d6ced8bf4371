import { defineRule } from "../../src/rule/contract.ts";
import { lineEnd } from "../../src/edits/layout.ts";
import { isRewordable, textFix, textFinding } from "../../src/rule/findings/text-finding.ts";

export const maintainer = defineRule({
  id: "maintainer",
  aliases: ["DL4000", "MaintainerDeprecated"],
  category: "correctness",
  severity: "info",
  preset: "strict",
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
  *check({ dockerfile: view }) {
    if (view === undefined) return;
    const { text } = view.file;
    for (const at of view.file.instructions) {
      if (at.keyword !== "MAINTAINER") continue;
      const name = at.body.replace(/^"(.*)"$/, "$1");
      const isPlain = at.line === at.endLine && !/["\\`$]/.test(name);
      const keyword = text[at.keywordRange.start] === "m" ? "label" : "LABEL";
      yield textFinding({
        at,
        message: `line ${at.line} has a MAINTAINER, which is deprecated`,
        advice: "Use LABEL org.opencontainers.image.authors instead.",
        fix:
          isPlain && isRewordable(at, view)
            ? textFix(
                `a label instead of MAINTAINER in line ${at.line}`,
                [
                  {
                    start: at.start,
                    end: Math.min(at.end, lineEnd(text, at.start)),
                    text: `${keyword} org.opencontainers.image.authors="${name}"`,
                  },
                ],
                "the author field of the image stays empty",
              )
            : undefined,
      });
    }
  },
});
