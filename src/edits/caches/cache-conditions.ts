/** Returns why a remedy may change more than the cache, as a phrase for the user; undefined if it does not. */
import { itemAt, lastItem } from "../../must.ts";
import { stepsAfter } from "../../build/steps-after.ts";
import type { DockerfileView } from "../../build/build.ts";
import type { Instruction } from "../../dockerfile/dockerfile.ts";
import type { Remedy } from "../../knowledge/tool-caches.ts";
import { isMounted } from "../../analysis/caches/cache-writers.ts";
import type { UncleanedCache } from "./uncleaned-cache.ts";

export function whyMounted({ step, manager, index }: UncleanedCache): string | undefined {
  const { folder, alsoAt = [] } = itemAt(manager.caches, index);
  const mounted = [folder, ...alsoAt].find((each) => isMounted(step, each));
  return mounted === undefined ? undefined : `a mount covers ${mounted}, and would lose its content`;
}

export function whyKept({ step, view }: UncleanedCache, { keptBy }: Remedy): string | undefined {
  if (keptBy === undefined) return undefined;
  const found = view.steps
    .slice(0, view.steps.indexOf(step) + 1)
    .find(({ instruction }) => keptBy.test(textOf(instruction, view)));
  return found && `line ${found.instruction.line} keeps the cache on purpose`;
}

export function whyRead({ step, view, commands }: UncleanedCache, { readBy }: Remedy): string | undefined {
  if (readBy === undefined) return undefined;
  const own = view.file.text.slice(lastItem(commands).end, step.instruction.end);
  if (readBy.test(own)) return "the RUN reads the cache later";
  const later = [
    ...stepsAfter(step, view).map(({ instruction }) => instruction),
    ...view.references.filter(({ to }) => to === step.stage).map(({ from }) => from),
  ];
  const reader = later.find((instruction) => readBy.test(textOf(instruction, view)));
  return reader && `line ${reader.line} may read the cache`;
}

function textOf({ start, end }: Instruction, { file }: DockerfileView): string {
  return file.text.slice(start, end);
}
