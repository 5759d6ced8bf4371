/** Formats the secrets that a rewrite drops or keeps; never their values. */
import type { ReportedSecret } from "../app/rewriting/optimize-report.ts";
import { escapeControls } from "../byte-path.ts";
import { clip, count } from "../format.ts";
import { wrap, type Style } from "./style.ts";

/** Returns the lines about secrets, and the warning that a rewrite does not revoke them. */
export function secretLines(
  secrets: readonly ReportedSecret[],
  isPredicted: boolean,
  { chalk, width }: Style,
): string[] {
  if (secrets.length === 0) return [];
  const gone = secrets.filter(({ removed }) => removed);
  const left = secrets.filter(({ removed }) => !removed);
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
  const label = Math.max(...secrets.map(({ removed }) => (removed ? goes : stays).length));
  for (const { what, where, path = "", layer, inBase, removed } of [...gone, ...left]) {
    const place =
      where ?? `/${escapeControls(path)} in layer ${layer}${inBase === true ? ", of the base image" : ""}`;
    const word = (removed ? goes : stays).padEnd(label);
    out.push(
      `  ${(removed ? chalk.green : chalk.red)(word)}  ${clip(`${place}: ${what}`, width - label - 4)}`,
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
