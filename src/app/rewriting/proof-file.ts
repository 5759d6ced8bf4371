/** The file that `--proof` names. */
import { realpath, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import { UserError } from "../../errors.ts";
import { cannotWrite } from "../../image/writing/staging-directory.ts";
import type { OptimizeResult } from "../../optimize/outcome.ts";
import type { OptimizeRequest } from "../../optimize/request.ts";
import { proofJson } from "./proof-report.ts";

/** Said before the work is done: the proof is a new file, and no part of what is read or written. */
export async function checkProofPath(path: string, output: string, inputs: readonly string[]): Promise<void> {
  const info = await stat(path).catch(() => undefined);
  if (info?.isFile() === true || info?.isDirectory() === true)
    throw new UserError(`${path}: exists already; remove it, or give the proof another name`);
  const isIn = (file: string, folder: string) => file === folder || file.startsWith(folder + sep);
  const inOutput = new UserError(`${path}: is the output itself, or in it; give the proof another name`);
  if (isIn(resolve(path), resolve(output))) throw inOutput;
  const parent = await realpath(dirname(resolve(path))).catch(() => undefined);
  if (parent === undefined) throw new UserError(`${path}: its folder does not exist; make it first`);
  const folder = await realpath(dirname(resolve(output))).catch(() => undefined);
  const real = folder === undefined ? undefined : join(folder, basename(output));
  const existing = await realpath(output).catch(() => undefined);
  for (const each of [real, existing])
    if (each !== undefined && isIn(join(parent, basename(path)), each)) throw inOutput;
  for (const input of inputs) {
    const realInput = await realpath(input).catch(() => undefined);
    if (realInput !== undefined && isIn(parent, realInput))
      throw new UserError(`${path}: lies inside the input ${input}; give the proof a name outside of it`);
  }
}

/** What was made here; not a pipe or a terminal, which somebody else owns. */
export async function removeProof(path: string): Promise<void> {
  const info = await stat(path).catch(() => undefined);
  if (info?.isFile() === true) await rm(path).catch(() => {});
}

/** Before the output is there: a proof that cannot be kept is a failure, and leaves nothing. */
export async function writeProof(
  path: string,
  requests: readonly OptimizeRequest[],
  results: readonly OptimizeResult[],
): Promise<void> {
  try {
    await writeFile(path, proofJson(requests, results));
  } catch (error) {
    throw cannotWrite(path, error);
  }
}
