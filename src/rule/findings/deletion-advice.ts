/** Advice about files that one instruction adds and a later one deletes. */
import { type Instruction, heredocsOf } from "../../dockerfile/dockerfile.ts";
import { madeBy, type MadeBy } from "../../analysis/made-by.ts";
import { cacheFolderOf } from "../../analysis/caches/cache-folders.ts";
import type { ImageView } from "../../analysis/subject.ts";
import type { PathBytes } from "../contract.ts";
import { layerName } from "./layer-names.ts";

/** Returns the advice for files of one layer that a later one deletes (docs/spec/layers.md, rule 8). */
export function deletionAdvice(
  view: ImageView,
  addedIn: number,
  hiddenIn: number,
  largest: PathBytes | undefined,
  files: number,
): string {
  return instructionAdvice({
    adder: view.origins.layers[addedIn]?.instruction,
    adderKind: madeBy(view, addedIn),
    adderName: layerName(view, addedIn),
    removerKind: madeBy(view, hiddenIn),
    removerName: layerName(view, hiddenIn),
    cache: largest === undefined ? undefined : cacheFolderOf(largest.path, largest.files !== undefined),
    isOne: files === 1,
  });
}

export interface Pair {
  readonly adder: Instruction | undefined;
  readonly adderKind: MadeBy;
  readonly adderName: string;
  readonly removerKind: MadeBy;
  readonly removerName: string;
  /** Byte path of a cache folder among the deleted files. */
  readonly cache: string | undefined;
  /** True if the finding is about a single file. */
  readonly isOne: boolean;
}

/** Returns the advice for one pair of instructions, from the text or from the layers. */
export function instructionAdvice(pair: Pair): string {
  const { adderName, removerName } = pair;
  if (pair.removerKind === "COPY" || pair.removerKind === "ADD") {
    return `Omit from ${adderName} what ${removerName} replaces: a later instruction only hides files, and their layer keeps the bytes.`;
  }
  if (pair.adderKind === "RUN") return runAdvice(pair);
  if (pair.adderKind === "COPY") return copyAdvice(pair);
  if (pair.adderKind === "ADD") return addAdvice(pair);
  const it = pair.isOne ? "it" : "them";
  return `Delete ${it} in the instruction that creates ${it}, or build in an earlier stage and COPY --from only the result: a later instruction only hides files, and their layer keeps the bytes.`;
}

function runAdvice({ adder, adderName, cache, isOne }: Pair): string {
  const where =
    adder !== undefined && /^\d*<<-?(["']?)\w+\1$/.test(adder.body)
      ? `inside the heredoc of ${adderName}, as its last command`
      : `at the end of ${adderName.startsWith("line ") ? adderName : `the RUN of ${adderName}`}`;
  const other =
    cache === undefined
      ? `If a step in between needs ${isOne ? "the file" : "the files"}, join the RUNs, or build in an earlier stage and COPY --from only the result.`
      : `A cache mount keeps such files out of every layer: RUN --mount=type=cache,target=/${cache}.`;
  return `Delete ${isOne ? "it" : "them"} ${where}: only the RUN that creates files can keep their bytes out of the image. ${other}`;
}

function copyAdvice({ adder, adderName, removerName }: Pair): string {
  const from = adder?.flags.find((flag) => flag.name === "from")?.value;
  if (from !== undefined) {
    return `Mount what only the build needs instead of copying it: RUN --mount=type=bind,from=${from},target=… in ${removerName}; and let ${adderName} copy only what stays.`;
  }
  if (adder !== undefined && heredocsOf(adder).length > 0) {
    return `Write the file in the RUN that uses it and delete it there, or hand it to that RUN as a heredoc.`;
  }
  return `Mount what only the build needs instead of copying it (RUN --mount=type=bind,source=…,target=…), exclude what nobody needs with .dockerignore, or build in an earlier stage and COPY --from only the result.`;
}

function addAdvice({ adder, adderName }: Pair): string {
  const source = adder?.words[0]?.value ?? "";
  if (/^(?:https?|ftp):\/\//.test(source) && !/\.git(?:#|$)/.test(source)) {
    return `Fetch, use and delete it in one RUN (curl … && … && rm …) instead of ADD: only the RUN that creates a file can keep its bytes out of the image.`;
  }
  return `Unpack only what stays: in place of ${adderName} use RUN --mount=type=bind,source=…,target=… with tar, or an earlier stage and COPY --from.`;
}
