import { writeFileSync } from "node:fs";

/** Writes the same bytes on every machine: a linear congruence is random enough not to compress. */
export function random(path: string, bytes: number): void {
  const content = Buffer.alloc(bytes);
  let state = 12_345;
  for (let i = 0; i < bytes; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    content[i] = state >>> 16;
  }
  writeFileSync(path, content);
}
