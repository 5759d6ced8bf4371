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
    what: `When a Dockerfile and an image are given together: every history entry above the base image that no instruction accounts for, and every instruction of the built stage that no history entry accounts for. All others keep their lines. When not one RUN, COPY or ADD matches, this is one finding, findings about layers name no lines, and nothing is predicted from the Dockerfile. The same when the history has another number of layers than the image: then no entry says which layer it made.`,
    why: "Line numbers are only worth something when this Dockerfile built this image. An old image, an edited Dockerfile or another target stage makes them wrong.",
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
    fix: "None: build the image again, or give the Dockerfile (and `--target`) that it was built from.",
  },
  *check(subject) {
    const { image } = subject;
    const { matches, unaligned, links, mismatches } = image.origins;
    if (links.length === 0) {
      yield whole(subject, "the image has no history, so nothing tells which line made which layer");
    } else if (unaligned) {
      yield whole(
        subject,
        "the history of the image has another number of layers than the image itself, so no line can be named",
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
    advice: "Give the Dockerfile and --target that the image was built from, or build the image again.",
    evidence: "both",
    locations: [first === undefined ? {} : { instruction: first }],
  };
}

function toFinding({ instruction, createdBy, history, layer }: Mismatch): Finding {
  if (instruction !== undefined) {
    return {
      message: `line ${instruction.line} (${shortCommand(`${instruction.keyword} ${instruction.body}`)}) is not in the history of the image`,
      advice:
        "Was the Dockerfile edited after the build, or another stage built? Findings name lines only where both agree.",
      evidence: "both",
      locations: [{ instruction }],
    };
  }
  const what = createdBy === undefined ? "" : ` (${shortCommand(createdBy)})`;
  const where = layer === undefined ? `history entry ${history ?? "?"}${what}` : `layer ${layer}${what}`;
  return {
    message: `no instruction of the Dockerfile made ${where}`,
    advice:
      "Was the Dockerfile edited after the build, or is this entry part of the base image (--base)? Findings name lines only where both agree.",
    evidence: "both",
    locations: layer === undefined ? [{}] : [{ layer }],
  };
}
