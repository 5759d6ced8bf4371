/** The figures of oracle.py, which knows nothing of layerlint. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { Measure } from "./cases.ts";

export interface OracleLayer {
  readonly createdBy: string;
  readonly files: Readonly<Record<string, readonly [size: number, sha256: string]>>;
  readonly gone: readonly string[];
  readonly opaque: readonly string[];
}

export function readOracle(archive: string): OracleLayer[] {
  const output = execFileSync("python3", [join(import.meta.dirname, "oracle.py"), archive], {
    maxBuffer: 2 ** 30,
  });
  return JSON.parse(output.toString()) as OracleLayer[];
}

/** Content bytes by the oracle. */
export function measure(layers: readonly OracleLayer[], wanted: Measure): number {
  const made = indexOf(layers, wanted.made, 0);
  const command = wanted.hiddenBy ?? wanted.repeatedBy ?? wanted.changedBy;
  const later = command === undefined ? undefined : layers[indexOf(layers, command, made + 1)]!;
  let bytes = 0;
  for (const [path, [size, sha256]] of Object.entries(layers[made]!.files)) {
    if (!wanted.under.some((prefix) => path.startsWith(prefix))) continue;
    const again = later?.files[path];
    const isMeant =
      later === undefined
        ? !layers.slice(made + 1).some((layer) => hides(layer, path) || layer.files[path] !== undefined)
        : wanted.hiddenBy !== undefined
          ? hides(later, path) && again === undefined
          : again !== undefined && (again[1] === sha256) === (wanted.repeatedBy !== undefined);
    if (isMeant) bytes += size;
  }
  return bytes;
}

function indexOf(layers: readonly OracleLayer[], text: string, from: number): number {
  const at = layers.findIndex(({ createdBy }, i) => i >= from && createdBy.includes(text));
  if (at < 0) throw new Error(`no layer above ${from} was made by "${text}"`);
  return at;
}

function hides({ gone, opaque }: OracleLayer, path: string): boolean {
  return (
    gone.some((name) => path === name || path.startsWith(`${name}/`)) ||
    opaque.some((folder) => path.startsWith(`${folder}/`))
  );
}
