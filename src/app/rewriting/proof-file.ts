/** Writes the file that `--proof` names. */
import { realpath, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import { UserError } from "../../errors.ts";
import { cannotWrite } from "../../image/writing/staging-directory.ts";
import type { OptimizeResult } from "../../optimize/outcome.ts";
import type { OptimizeRequest } from "../../optimize/request.ts";
import type { Masker } from "../masker.ts";
import { proofJson } from "./proof-report.ts";

/** Checks before the work begins that the proof is a new file outside of input and output. Throws `UserError`. */
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

/** Removes the proof if it is a regular file, not a pipe or a terminal. */
export async function removeProof(path: string): Promise<void> {
  const info = await stat(path).catch(() => undefined);
  if (info?.isFile() === true) await rm(path).catch(() => {});
}

/** Writes the proof before the output is published, so that a failure leaves no output. */
export async function writeProof(
  path: string,
  requests: readonly OptimizeRequest[],
  results: readonly OptimizeResult[],
  masker: Masker,
): Promise<void> {
  try {
    await writeFile(path, proofJson(requests, results, masker));
  } catch (error) {
    throw cannotWrite(path, error);
  }
}
