import { allSteps } from "../../src/build/all-steps.ts";
import { isRewordable } from "../../src/edits/editability.ts";
import { lineEnd, lineStart } from "../../src/edits/layout.ts";
import {
  heldInstruction,
  type DockerfileView,
  type StageView,
  type TextEdit,
} from "../../src/rule/contract.ts";
import { stageRule } from "../../src/rule/stage-rule.ts";
import { textFix } from "../../src/rule/text-finding.ts";

export const unusedStage = stageRule({
  id: "unused-stage",
  aliases: [],
  category: "correctness",
  severity: "info",
  preset: "strict",
  docs: {
    summary: "The build does not need a stage",
    what: "From the Dockerfile: a stage that neither the built stage nor any stage it needs names in FROM, `COPY --from` or `RUN --mount=from`. The text does not show whether a build names it with `--target`, or in a bake, Compose or CI file.",
    why: "BuildKit skips it, other builders build it in vain, and readers take it for a part of the image.",
    bad: [
      {
        title: "Nothing is copied from the stage",
        dockerfile:
          "FROM alpine:3.20 AS tools\nRUN apk add --no-cache curl\n\nFROM alpine:3.20\nCOPY app /app\n",
      },
    ],
    good: [
      {
        title: "The stage is used",
        dockerfile:
          "FROM alpine:3.20 AS tools\nRUN apk add --no-cache curl\n\nFROM alpine:3.20\nCOPY --from=tools /usr/bin/curl /usr/bin/curl\n",
      },
    ],
    fix: "Removes the stage. Unsafe: a build may name it with `--target`.",
  },
  find(stage, view) {
    if (stage.needed) return undefined;
    const { from, name, index } = stage.stage;
    const what = name === undefined ? `stage ${index}` : `the stage ${name}`;
    const edit = withoutStage(stage, view);
    return {
      message: `line ${from.line} starts ${what}, which the build does not need`,
      advice: "Delete it, unless a build names it with --target.",
      fix:
        edit &&
        textFix(`remove ${what}`, [edit], "a build may name it with --target, in a bake, Compose or CI file"),
    };
  },
});

/** Undefined where another stage names it, or numbers and variables that name stages would mean others afterwards. */
function withoutStage({ stage }: StageView, view: DockerfileView): TextEdit | undefined {
  const { text } = view.file;
  if (!isRewordable(stage.from, view) || view.references.some(({ to }) => to === stage)) return undefined;
  const sources = allSteps(view).flatMap(({ instruction, mounts }) => [
    ...heldInstruction(instruction)
      .flags.filter(({ name }) => name === "from")
      .map(({ value }) => value),
    ...mounts.map(({ options }) => options.get("from")),
  ]);
  if (sources.some((name) => name !== undefined && /^\d+$|\$/.test(name))) return undefined;
  const last = stage.instructions.at(-1) ?? stage.from;
  const start = lineStart(text, stage.from.start);
  const end = text.indexOf("\n", lineEnd(text, last.end)) + 1;
  if (end === 0) return undefined;
  // the blank line between stages goes with it
  const blank = /^(?:[ \t]*\r?\n)+/.exec(text.slice(end));
  return { start, end: end + (blank?.[0].length ?? 0), text: "" };
}
