import type { ImageView, Instruction, PathBytes } from "../../src/engine/contract.ts";
import { layerName, madeBy, type MadeBy } from "./naming.ts";

/** Places where package managers and tools keep what they could fetch again. */
const CACHE =
  /^(?:var\/cache|var\/lib\/apt\/lists)(?:\/|$)|(?:^|\/)(?:\.cache|\.npm|\.cargo\/registry|\.m2|\.gradle)(?:\/|$)/;

/** What to do about files of one layer that a later one deletes (layers.md rule 8). */
export function deletionAdvice(
  view: ImageView,
  addedIn: number,
  killedIn: number,
  largest: PathBytes | undefined,
): string {
  return instructionAdvice({
    adder: view.origins.layers[addedIn]?.instruction,
    adderKind: madeBy(view, addedIn),
    adderName: layerName(view, addedIn),
    killerKind: madeBy(view, killedIn),
    killerName: layerName(view, killedIn),
    cache: largest !== undefined && CACHE.test(largest.path) ? largest.path : undefined,
  });
}

export interface Pair {
  readonly adder: Instruction | undefined;
  readonly adderKind: MadeBy;
  readonly adderName: string;
  readonly killerKind: MadeBy;
  readonly killerName: string;
  /** Byte path of a cache among what is deleted. */
  readonly cache: string | undefined;
}

/** The advice for one pair of instructions, from either witness. */
export function instructionAdvice(pair: Pair): string {
  const { adderName, killerName } = pair;
  if (pair.killerKind === "COPY" || pair.killerKind === "ADD") {
    return `Leave out of ${adderName} what ${killerName} puts in its place: a later instruction hides files, their layer keeps the bytes.`;
  }
  if (pair.adderKind === "RUN") return runAdvice(pair);
  if (pair.adderKind === "COPY") return copyAdvice(pair);
  if (pair.adderKind === "ADD") return addAdvice(pair);
  return `Delete them in the instruction that makes them, or build in an earlier stage and COPY --from only the result: a later instruction hides files, their layer keeps the bytes.`;
}

function runAdvice({ adder, adderName, cache }: Pair): string {
  const where =
    adder !== undefined && adder.heredocs.length > 0
      ? `inside the heredoc of ${adderName}, as its last command`
      : `at the end of ${adderName}`;
  const other =
    cache === undefined
      ? "Where a step in between needs the files, join the RUNs, or build in an earlier stage and COPY --from only the result."
      : `A cache mount keeps such files out of every layer: RUN --mount=type=cache,target=/${cache}.`;
  return `Delete them ${where}: only the RUN that makes files can keep their bytes out of the image. ${other}`;
}

function copyAdvice({ adder, adderName, killerName }: Pair): string {
  const from = adder?.flags.find((flag) => flag.name === "from")?.value;
  if (from !== undefined) {
    return `Mount what only the build needs instead of copying it: RUN --mount=type=bind,from=${from},target=… in ${killerName}; and let ${adderName} copy only what stays.`;
  }
  if (adder !== undefined && adder.heredocs.length > 0) {
    return `Write the file in the RUN that uses it and delete it there, or hand it to that RUN as a heredoc.`;
  }
  return `Mount what only the build needs instead of copying it (RUN --mount=type=bind,source=…,target=…), keep what nobody needs out with .dockerignore, or build in an earlier stage and COPY --from only the result.`;
}

function addAdvice({ adder, adderName }: Pair): string {
  const source = adder?.words[0]?.value ?? "";
  if (/^(?:https?|ftp):\/\//.test(source) && !/\.git(?:#|$)/.test(source)) {
    return `Fetch, use and delete it in one RUN (curl … && … && rm …) instead of ADD: only the RUN that makes a file can keep its bytes out of the image.`;
  }
  return `Unpack only what stays: in place of ${adderName} use RUN --mount=type=bind,source=…,target=… with tar, or an earlier stage and COPY --from.`;
}
