import type { TargetArguments } from "../../cli/options.ts";
import type { Target } from "../targets/targets.ts";

/** The command that does what a report promises of an image: same base, same choice of image. */
export function optimizeCommand(group: readonly Target[], args: TargetArguments): string {
  const image = group.find(({ kind }) => kind === "image");
  const options = [
    ...(args.base === undefined ? [] : ["--base", args.base]),
    ...(args.target === undefined ? [] : ["--target", args.target]),
    ...(args.platform === undefined ? [] : ["--platform", args.platform]),
    ...(args.tag === undefined ? [] : ["--tag", args.tag]),
    ...(args.allowHuge ? ["--allow-huge"] : []),
  ];
  const output = image?.name === "-" || image?.name.endsWith(".tar") === true ? "small.tar" : "small";
  const words = [...group.map(({ name }) => name), ...options, "-o", output];
  return `layerlint optimize ${words.map(shellWord).join(" ")}`;
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
