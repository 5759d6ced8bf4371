import { isRewordable } from "../../src/edits/editability.ts";
import type { DockerfileView, Stage, TextEdit } from "../../src/rule/contract.ts";
import { stageRule } from "../../src/rule/stage-rule.ts";
import { textFix, replace } from "../../src/rule/text-finding.ts";

export const stageNameCasing = stageRule({
  id: "stage-name-casing",
  aliases: ["StageNameCasing"],
  category: "correctness",
  severity: "info",
  preset: "strict",
  docs: {
    summary: "A stage name contains upper-case letters, although stage names are not case-sensitive",
    what: "From the Dockerfile: `FROM … AS Name` with an upper-case letter.",
    why: "Builders convert stage names to lower case before comparing them: `Build` and `build` are the same name, and a second stage of that name hides the first.",
    bad: [
      {
        title: "An upper-case letter, also where the stage is used",
        dockerfile:
          "FROM golang:1.23 AS Build\nRUN go build -o /out/app .\nFROM scratch\nCOPY --from=Build /out/app /app\n",
      },
    ],
    good: [
      {
        title: "All in lower case",
        dockerfile:
          "FROM golang:1.23 AS build\nRUN go build -o /out/app .\nFROM scratch\nCOPY --from=build /out/app /app\n",
      },
    ],
    fix: "Changes the name to lower case, in every FROM, `COPY --from` and `RUN --mount=from` that uses it too. Safe.",
  },
  find({ stage }, view) {
    const { from, name } = stage;
    const word = name === undefined ? undefined : from.words[2];
    if (word === undefined || name === undefined || word.text === name) return undefined;
    return {
      range: word,
      message: `line ${from.line} names a stage ${word.text}: stage names are not case-sensitive`,
      advice: `Call it ${name} everywhere.`,
      fix: isRewordable(from, view)
        ? textFix(`${name} instead of ${word.text}`, [replace(word, name), ...used(stage, name, view)])
        : undefined,
    };
  },
});

/** Edits of the places that name the stage in another case. */
function used(stage: Stage, name: string, { file, references }: DockerfileView): TextEdit[] {
  const edits: TextEdit[] = [];
  for (const { from, to } of references) {
    if (to !== stage || from.keyword === "ONBUILD") continue;
    const image = from.keyword === "FROM" ? from.words[0] : undefined;
    const locations = image === undefined ? from.flags : [image];
    for (const place of locations) {
      const text = file.text.slice(place.start, place.end);
      const found =
        image === undefined ? /(?:^--from=|[=,]from=)([\w.-]+)(?=$|,)/i.exec(text) : /^[\w.-]+$/.exec(text);
      const written = found?.[1] ?? found?.[0];
      if (found === null || written === undefined || written === name || written.toLowerCase() !== name)
        continue;
      const start = place.start + found.index + found[0].length - written.length;
      edits.push({ start, end: start + written.length, text: name });
    }
  }
  return edits;
}
