import { parse } from "node:path";
import { Readable } from "node:stream";
import { main } from "../../src/cli/main.ts";

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  readonly stdin?: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  /** The folder above which configurations are looked for; without it there are none. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Of a terminal; without it the streams are pipes. */
  readonly columns?: number;
}

/** Runs the command in this process, as bin.ts would. */
export async function layerlint(argv: readonly string[], around: Surroundings = {}): Promise<Outcome> {
  let stdout = "";
  let stderr = "";
  const terminal = around.columns === undefined ? {} : { isTTY: true, columns: around.columns };
  const code = await main(argv, {
    stdin: Readable.from(around.stdin ?? [], { objectMode: false }),
    stdout: { write: (text) => (stdout += text), ...terminal },
    stderr: { write: (text) => (stderr += text) },
    cwd: around.cwd ?? parse(process.cwd()).root,
    env: around.env ?? {},
    signal: new AbortController().signal,
  });
  return { code, stdout, stderr };
}

/** What a JSON report of `optimize`, or a proof, says of its only image. */
export function onlyImage(json: string): unknown {
  const { images } = JSON.parse(json) as { images: unknown[] };
  if (images.length !== 1) throw new Error(`the document describes ${images.length} images instead of one`);
  return images[0];
}
