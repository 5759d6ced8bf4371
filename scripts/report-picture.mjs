// Draws docs/report.svg, the picture of a report in the README. Reads the demo's coloured report from standard input;
// `--check` only reports whether the picture is up to date. `npm run picture` runs both steps.
import { readFileSync, writeFileSync } from "node:fs";
import { text as readAll } from "node:stream/consumers";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";

const name = "docs/report.svg";
const command = "layerlint fixtures/demo/Dockerfile fixtures/demo/image.tar";
/** The findings that are shown, by the start of their first line, and the summary. The rest becomes an ellipsis. */
const shown = [
  /^fixtures\/demo\/Dockerfile:8 .*deleted-later/,
  /^fixtures\/demo\/Dockerfile:15 .*secret-in-layer/,
  /^\d+ errors?, /,
];

const charWidth = 8.4;
const lineHeight = 20;
const margin = 20;
const columns = 100;
const colours = { 31: "red", 32: "green", 33: "yellow", 34: "blue", 36: "cyan" };

/** Pieces of a line that look alike: text, column and CSS classes. */
function runsOf(line) {
  const runs = [];
  let colour;
  let weight;
  let column = 0;
  for (const part of `0m${line}`.split("\x1b[")) {
    const [escape, code] = /^(\d+)m/.exec(part);
    if (code === "0" || code === "39") colour = undefined;
    else if (code === "22") weight = undefined;
    else if (code === "1") weight = "bold";
    else if (code === "2") weight = "dim";
    else if (colours[code] !== undefined) colour = colours[code];
    else throw new Error(`the report uses escape sequence ${code}, which has no colour here`);
    const padded = part.slice(escape.length);
    const text = padded.trim();
    const indent = padded.length - padded.trimStart().length;
    const classes = [colour, weight].filter((each) => each !== undefined);
    if (text !== "") runs.push({ text, column: column + indent, classes });
    column += padded.length;
  }
  return runs;
}

/** The shown parts of a report as lines, with an ellipsis for what stands between them. */
function excerpt(report) {
  const lines = [];
  let isShown = false;
  let isCut = false;
  for (const line of report.trimEnd().split("\n")) {
    const plain = stripVTControlCharacters(line);
    if (/^(?:\S+:\d+ |\d+ errors?, )/.test(plain)) {
      isShown = shown.some((start) => start.test(plain));
      if (isShown && isCut) lines.push("\x1b[2m…\x1b[22m", "");
      isCut = !isShown;
    }
    if (isShown) lines.push(line);
  }
  if (lines.length === 0) throw new Error("standard input holds no report of the demo");
  return lines;
}

function escapeXml(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function draw(report) {
  const lines = [`\x1b[2m$\x1b[22m \x1b[1m${command}\x1b[22m`, "", ...excerpt(report)];
  const width = columns * charWidth + 2 * margin;
  const height = lines.length * lineHeight + 2 * margin;
  const texts = lines.flatMap((line, row) =>
    runsOf(line).map(({ text, column, classes }) => {
      const x = (margin + column * charWidth).toFixed(1);
      const y = margin + row * lineHeight + 15;
      const attributes = classes.length === 0 ? "" : ` class="${classes.join(" ")}"`;
      return `  <text x="${x}" y="${y}" textLength="${(text.length * charWidth).toFixed(1)}"${attributes}>${escapeXml(text)}</text>`;
    }),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" xml:space="preserve" role="img" aria-label="A report of layerlint">
  <style>
    text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #e6edf3 }
    .bold { font-weight: bold }
    .dim { fill: #8b949e }
    .red { fill: #ff7b72 }
    .green { fill: #7ee787 }
    .yellow { fill: #e3b341 }
    .blue { fill: #79c0ff }
    .cyan { fill: #56d4dd }
  </style>
  <rect width="100%" height="100%" rx="8" fill="#0d1117"/>
${texts.join("\n")}
</svg>
`;
}

const picture = draw(await readAll(process.stdin));
const file = join(import.meta.dirname, "..", name);
if (!process.argv.includes("--check")) writeFileSync(file, picture);
else if (readFileSync(file, "utf8") !== picture) {
  console.error(`${name} is out of date: run \`npm run picture\``);
  process.exitCode = 1;
}
