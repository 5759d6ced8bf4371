/** Makes the `layerlint optimize` command that a report suggests for an image. */
import type { TargetOptions } from "./options.ts";
import type { Target } from "./targets/targets.ts";
import { shellQuoted } from "../edits/shell-quoted.ts";

/** Returns the command that makes the promised savings: with the same base, and the same choice of image. */
export function suggestedCommand(group: readonly Target[], chosen: TargetOptions): string {
  const image = group.find(({ kind }) => kind === "image");
  const options = [
    ...(chosen.base === undefined ? [] : ["--base", String(chosen.base)]),
    ...(chosen.target === undefined ? [] : ["--target", chosen.target]),
    ...(chosen.platform === undefined ? [] : ["--platform", chosen.platform]),
    ...(chosen.tag === undefined ? [] : ["--tag", chosen.tag]),
    ...(chosen.allowHuge === true ? ["--allow-huge"] : []),
  ];
  const output = image?.name === "-" || image?.name.endsWith(".tar") === true ? "small.tar" : "small";
  const words = [...group.map(({ name }) => name), ...options, "-o", output];
  return `layerlint optimize ${words.map(shellQuoted).join(" ")}`;
}
