/** Formats the text output of `compare`. */
import type { ComparisonReport } from "../app/comparison-report.ts";
import type { Masked } from "../app/masker.ts";
import { escapeControls } from "../byte-path.ts";
import { clip, count, formatBytes, formatNumber, visible } from "../format.ts";
import type { Style } from "./style.ts";

const shown = 100;

/** Formats the output of `layerlint compare`. */
export function comparisonText(report: Masked<ComparisonReport>, style: Style): string {
  const { chalk, width } = style;
  const { differences, config, unseen, images } = report;
  const out = images.map(
    ({ name, layers, compressedBytes, visibleBytes }) =>
      `${chalk.bold(visible(name))}  ${count(layers, "layer")}, ${formatBytes(compressedBytes)} as stored, ${formatBytes(visibleBytes)} visible`,
  );
  if (differences.length > 0) out.push("");
  for (const { path, aspects, bytesBefore, bytesAfter } of differences.slice(0, shown)) {
    const [a, b] = [bytesBefore, bytesAfter].map((size) =>
      size === undefined ? undefined : formatBytes(size),
    );
    const size = a === b ? "" : `  ${[a, b].filter((text) => text !== undefined).join(" → ")}`;
    out.push(clip(`  ${aspects.join(", ").padEnd(8)}  /${escapeControls(path)}${size}`, width));
  }
  if (differences.length > shown) out.push(`  and ${formatNumber(differences.length - shown)} more`);
  const valueLine = ({ path, before, after }: ComparisonReport["unseen"][number]) =>
    clip(`  ${path}: ${valueOf(before)} → ${valueOf(after)}`, width);
  if (config.length > 0) out.push("", ...config.map(valueLine));
  if (unseen.length > 0) out.push("", "Not seen by a container:", ...unseen.slice(0, shown).map(valueLine));
  if (unseen.length > shown) out.push(`  and ${formatNumber(unseen.length - shown)} more`);
  const [files, values] = [count(differences.length, "name"), count(config.length, "value")];
  out.push(
    "",
    report.equal
      ? "No difference that a container could see"
      : `${files} of the root file system and ${values} of the configuration differ`,
  );
  return `${out.join("\n")}\n`;
}

function valueOf(value: unknown): string {
  return value === undefined ? "(none)" : JSON.stringify(value);
}
