/** Formats the secrets that a rewrite drops or keeps; never their values. */
import { clip, count } from "../format.ts";
import { showPath } from "../byte-path.ts";
import type { OptimizedSecret } from "../app/rewriting/secrets-after.ts";
import { wrap, type Style } from "./style.ts";

/** Returns the lines about secrets, and the warning that a rewrite does not revoke them. */
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
