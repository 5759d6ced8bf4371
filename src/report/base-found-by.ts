/** The evidence for the base boundary, in words. */
import type { ReportImage } from "../lint/report.ts";

/** Phrases for the evidence of the base boundary. */
export const baseFoundBy: Readonly<Record<ReportImage["baseFoundBy"], string>> = {
  option: "as given by --base",
  provenance: "from the build's provenance",
  annotation: "from the image's annotations",
  "base-image": "its layers begin with those of the FROM image",
  dockerfile: "by matching the Dockerfile",
  "buildah-comment": "from the builder's FROM comment",
  "builder-change": "a guess: the history changes its builder there",
  "last-cmd": "a guess: the last CMD before other instructions",
  "first-layer": "a guess: the first layer",
  scratch: "the image starts from scratch",
};
