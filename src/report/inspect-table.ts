/** The table of layers that `inspect` prints. */
import type { Masked } from "../app/masker.ts";
import { clip, count, formatBytes, visible } from "../format.ts";
import type { Report, ReportImage, ReportLayer } from "../lint/report.ts";
import { shortCreatedBy } from "../origin/short-created-by.ts";
import { baseFoundBy } from "./base-found-by.ts";
import type { Style } from "./style.ts";

/** Formats the output of `layerlint inspect`: the table of layers of every image. */
export function inspectTable(report: Masked<Report>, style: Style): string {
  const out: string[] = [];
  for (const target of report.targets) {
    if (target.image === undefined) continue;
    out.push(...imageLines(target.name, target.image, style), "");
  }
  return `${out.join("\n").trimEnd()}\n`;
}

function imageLines(name: string, image: ReportImage, style: Style): string[] {
  const { chalk } = style;
  const { totals } = image;
  const how = baseFoundBy[image.baseFoundBy];
  // of a base whose end is a guess, a rewrite keeps the first layer only
  const kept =
    image.fixedLayers < image.baseLayers ? "; optimize keeps layer 0 only, unless --base is set" : "";
  const base =
    image.baseLayers === 0 ? `none (${how})` : `${count(image.baseLayers, "layer")} (${how}${kept})`;
  const rows: [string, string][] = [
    ["platform", image.platform],
    ["digest", image.digest],
    ["base", base],
    [
      "content",
      `${formatBytes(totals.contentBytes)} in ${count(image.layers.length, "layer")}, ${formatBytes(totals.compressedBytes)} as stored`,
    ],
    [
      "dead",
      `${formatBytes(totals.deadBytes)} in ${count(image.deadCount, "file")}; ${formatBytes(totals.reclaimableBytes)} of it reclaimable, ${formatBytes(totals.avoidableBytes)} avoidable`,
    ],
    ...(totals.upgradedBytes === 0
      ? []
      : [
          [
            "upgraded",
            `${formatBytes(totals.upgradedBytes)} of the base, replaced by package upgrades: only a newer base avoids them`,
          ] satisfies [string, string],
        ]),
    ["efficiency", `${(totals.efficiency * 100).toFixed(1)} %`],
  ];
  const tags = image.tags.length > 0 ? `  ${image.tags.join(", ")}` : "";
  const out = [
    `${chalk.bold(visible(name))}${chalk.dim(visible(tags))}`,
    ...rows.map(([label, text]) => `  ${chalk.dim(label.padEnd(10))}  ${text}`),
    "",
  ];
  out.push(...table(image, style));
  return out;
}

function table(image: ReportImage, style: Style): string[] {
  const { chalk, width } = style;
  const header = ["layer", "line", "content", "stored", "dead"];
  const rows = image.layers.map((layer) => [
    String(layer.index),
    lineOf(layer),
    layer.missing === true ? "missing" : formatBytes(layer.contentBytes),
    formatBytes(layer.compressedBytes),
    layer.deadBytes === 0 ? "·" : formatBytes(layer.deadBytes),
  ]);
  const widths = header.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const used = widths.reduce((sum, column) => sum + column + 2, 2);
  const out = [
    chalk.dim(
      `  ${header.map((name, column) => name.padStart(widths[column] ?? 0)).join("  ")}  instruction`,
    ),
  ];
  image.layers.forEach((layer, i) => {
    if (i > 0 && i === image.baseLayers)
      out.push(chalk.dim(`  ${"─".repeat(Math.max(10, Math.min(width, 100) - 4))} base above, yours below`));
    const cells = (rows[i] ?? []).map((cell, column) => {
      const text = cell.padStart(widths[column] ?? 0);
      return column === 4 && layer.deadBytes > 0 ? chalk.red(text) : text;
    });
    const made = clip(
      layer.createdBy === null ? "(no history)" : shortCreatedBy(layer.createdBy),
      Math.max(20, width - used),
    );
    out.push(`  ${cells.join("  ")}  ${layer.inBase ? chalk.dim(made) : made}`);
    for (const item of layer.largest) {
      const text = `${formatBytes(item.bytes)}  /${item.path}`;
      out.push(chalk.dim(`  ${" ".repeat(used - 2)}${clip(text, Math.max(20, width - used))}`));
    }
  });
  return out;
}

/** Formats lines: `7`, `7-9`, with a mark when the link is weaker than exact or aligned. */
function lineOf(layer: ReportLayer): string {
  const { instruction } = layer;
  if (instruction === undefined) return "·";
  const lines =
    instruction.endLine > instruction.line
      ? `${instruction.line}-${instruction.endLine}`
      : `${instruction.line}`;
  return instruction.certainty === "guessed" ? `${lines}?` : lines;
}
