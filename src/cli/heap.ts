/**
 * What is inflated passes through buffers that V8 counts as memory of the heap, for which it would mark the whole heap
 * dozens of times: a tenth of the time that a gzip image takes. So the heap may grow fivefold before it does.
 *
 * Only called where there is something to inflate: V8 refuses the ready-made code of whatever is loaded later, and
 * loading node:v8 takes its time too.
 */
export function markHeapSeldom(): void {
  process.getBuiltinModule("node:v8").setFlagsFromString("--heap-growing-percent=400");
}
