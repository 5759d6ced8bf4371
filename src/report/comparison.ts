/** Formats the text output of `compare`. */
import { showPath } from "../byte-path.ts";
import { clip, count, formatBytes, formatNumber, visible } from "../format.ts";
import { maskSecrets } from "../knowledge/secrets/secrets.ts";
import { itemAt } from "../must.ts";
import type { ImageComparison } from "../optimize/compare-images.ts";
import type { Style } from "./style.ts";

type Names = readonly [before: string, after: string];

const shown = 100;

/** Formats the output of `layerlint compare`. */
export function comparisonText(comparison: ImageComparison, names: Names, style: Style): string {
  const { chalk, width } = style;
  const { differences, config, unseen, sizes } = comparison;
  const out = names.map((name, i) => {
    const { layers, compressedBytes, visibleBytes } = itemAt(sizes, i);
    return `${chalk.bold(visible(name))}  ${count(layers, "layer")}, ${formatBytes(compressedBytes)} as stored, ${formatBytes(visibleBytes)} visible`;
  });
  if (differences.length > 0) out.push("");
  for (const { path, aspects, bytes } of differences.slice(0, shown)) {
    const [a, b] = bytes.map((size) => (size === undefined ? undefined : formatBytes(size)));
    const size = a === b ? "" : `  ${[a, b].filter((text) => text !== undefined).join(" → ")}`;
    out.push(clip(`  ${aspects.join(", ").padEnd(8)}  ${showPath(path)}${size}`, width));
  }
  if (differences.length > shown) out.push(`  and ${formatNumber(differences.length - shown)} more`);
  const valueLine = ({ path, before, after }: ImageComparison["unseen"][number]) =>
    clip(`  ${path}: ${valueOf(before)} → ${valueOf(after)}`, width);
  if (config.length > 0) out.push("", ...config.map(valueLine));
  if (unseen.length > 0) out.push("", "Not seen by a container:", ...unseen.slice(0, shown).map(valueLine));
  if (unseen.length > shown) out.push(`  and ${formatNumber(unseen.length - shown)} more`);
  const [files, values] = [count(differences.length, "name"), count(config.length, "value")];
  out.push(
    "",
    comparison.equal
      ? "No difference that a container could see"
      : `${files} of the root file system and ${values} of the configuration differ`,
  );
  return maskSecrets(`${out.join("\n")}\n`);
}

function valueOf(value: unknown): string {
  return value === undefined ? "(none)" : JSON.stringify(value);
}
