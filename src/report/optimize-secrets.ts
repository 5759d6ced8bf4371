import { count, showPath } from "../format.ts";
import type { BytePath } from "../image/image.ts";
import { reportPath } from "../lint/locate.ts";
import { clip, wrap, type Style } from "./style.ts";

/** A secret of an image that is rewritten, without its value. */
export interface OptimizedSecret {
  readonly what: string;
  /** A file of a layer; or what in the configuration holds it, in words. */
  readonly place: { readonly path: BytePath; readonly layer: number; readonly inBase: boolean } | string;
  readonly isGone: boolean;
}

/** What became of the secrets, and that a rewrite takes none of them back. */
export function secretLines(
  secrets: readonly OptimizedSecret[],
  isPredicted: boolean,
  { chalk, width }: Style,
): string[] {
  if (secrets.length === 0) return [];
  const gone = secrets.filter(({ isGone }) => isGone);
  const left = secrets.filter(({ isGone }) => !isGone);
  const [goes, stays] = isPredicted ? ["would go", "would stay"] : ["gone", "stays"];
  const heads = [
    gone.length > 0
      ? `${gone.length} ${isPredicted ? "would go" : gone.length === 1 ? "is gone" : "are gone"}`
      : "",
    left.length > 0
      ? `${left.length} ${isPredicted ? "would stay" : left.length === 1 ? "stays" : "stay"}`
      : "",
  ].filter((text) => text !== "");
  const out = ["", chalk.bold(`secrets: ${heads.join(", ")}`)];
  const label = Math.max(...secrets.map(({ isGone }) => (isGone ? goes : stays).length));
  for (const { what, place, isGone } of [...gone, ...left]) {
    const where =
      typeof place === "string"
        ? place
        : `${showPath(place.path)} in layer ${place.layer}${place.inBase ? ", of the base image" : ""}`;
    const word = (isGone ? goes : stays).padEnd(label);
    out.push(
      `  ${(isGone ? chalk.green : chalk.red)(word)}  ${clip(`${where}: ${what}`, width - label - 4)}`,
    );
  }
  const advice =
    secrets.length === 1 ? "it: revoke it, and issue a new one" : "them: revoke them, and issue new ones";
  out.push(
    ...wrap(
      `Whoever could pull the old image has ${advice} (rotate). A smaller image does not undo the leak.`,
      width,
    ),
  );
  if (left.length > 0)
    out.push(...wrap(`${count(left.length, "secret")} can be read in the new image as well.`, width));
  return out;
}

export function secretsJson(secrets: readonly OptimizedSecret[]) {
  return secrets.map(({ what, place, isGone }) => ({
    what,
    ...(typeof place === "string"
      ? { where: place }
      : { ...reportPath(place.path), layer: place.layer, inBase: place.inBase }),
    removed: isGone,
  }));
}
