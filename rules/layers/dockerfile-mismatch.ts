import { defineRule, type Finding, type Mismatch, type PairSubject } from "../../src/rule/contract.ts";
import { shortCommand } from "../../src/rule/findings/layer-names.ts";

export const dockerfileMismatch = defineRule({
  id: "dockerfile-mismatch",
  aliases: [],
  category: "correctness",
  severity: "warning",
  reads: "both",
  docs: {
    summary: "The Dockerfile and the history of the image disagree",
    what: "If a Dockerfile and an image are given together: every history entry above the base image that matches no instruction, and every instruction of the built stage that matches no history entry. All others keep their lines. If not a single RUN, COPY or ADD matches, there is only one finding, findings in layers name no lines, and nothing is predicted from the Dockerfile. The same applies if the number of layers in the history and in the image differ, because then no entry can be assigned to its layer.",
    why: "Line numbers are only correct if this Dockerfile built this image. An old image, an edited Dockerfile or another target stage makes them wrong.",
    bad: [
      {
        title: "The Dockerfile was edited after the build",
        dockerfile: "FROM debian:12\nRUN make\nRUN make install\nRUN make check\n",
        builtFrom: "FROM debian:12\nRUN make\nRUN make install\n",
        layers: ["out/ out/program(20000)", "usr/ usr/bin/ usr/bin/program(20000)"],
      },
    ],
    good: [
      {
        title: "Each instruction has its layer",
        dockerfile: "FROM debian:12\nRUN make\nRUN make install\n",
        layers: ["out/ out/program(20000)", "usr/ usr/bin/ usr/bin/program(20000)"],
      },
    ],
    fix: "None: rebuild the image, or use the Dockerfile (and `--target`) that built it.",
  },
  *check(subject) {
    const { image } = subject;
    const { matches, unaligned, links, mismatches } = image.origins;
    if (links.length === 0) {
      yield whole(subject, "the image has no history, so it is unknown which line created which layer");
    } else if (unaligned) {
      yield whole(
        subject,
        "the history and the image have different numbers of layers, so no line can be named",
      );
    } else if (!matches) {
      yield whole(
        subject,
        "this Dockerfile did not build this image: no RUN, COPY or ADD of it is in the history",
      );
    } else for (const mismatch of mismatches) yield toFinding(mismatch);
  },
});

function whole({ dockerfile }: PairSubject, message: string): Finding {
  const first = dockerfile.target?.from;
  return {
    message,
    advice: "Use the Dockerfile and --target that built the image, or rebuild the image.",
    evidence: "both",
    locations: first === undefined ? [] : [{ instruction: first }],
  };
}

function toFinding({ instruction, createdBy, history, layer }: Mismatch): Finding {
  const what = createdBy === undefined ? "" : ` (${shortCommand(createdBy)})`;
  const where = layer === undefined ? `history entry ${history ?? "?"}${what}` : `layer ${layer}${what}`;
  if (instruction !== undefined && history !== undefined) {
    return {
      message: `${where} has the text of line ${instruction.line}, but was not built from it: it stands in another order, or runs in another shell`,
      advice:
        "Was the Dockerfile edited after the build, or another stage built? Findings name lines only where both agree.",
      evidence: "both",
      locations: [{ instruction }, ...(layer === undefined ? [] : [{ layer }])],
    };
  }
  if (instruction !== undefined) {
    return {
      message: `line ${instruction.line} (${shortCommand(`${instruction.keyword} ${instruction.body}`)}) is not in the history of the image`,
      advice:
        "Was the Dockerfile edited after the build, or another stage built? Findings name lines only where both agree.",
      evidence: "both",
      locations: [{ instruction }],
    };
  }
  return {
    message: `no instruction of the Dockerfile created ${where}`,
    advice:
      "Was the Dockerfile edited after the build, or is this entry part of the base image (--base)? Findings name lines only where both agree.",
    evidence: "both",
    locations: layer === undefined ? [] : [{ layer }],
  };
}
