/** Detects the type of each target: Dockerfile, image or folder. */
import { createReadStream, type Stats } from "node:fs";
import { open, stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { UserError } from "../../errors.ts";
import { formatBytes } from "../../format.ts";
import { isImageFolder, looksLikeImage, headBytes } from "../../image/detect-format.ts";
import { errorCode } from "../../records.ts";
import { isOpenFile, whyNotRegular } from "../../regular-file.ts";
import type { Environment } from "../environment.ts";
import type { TargetInput } from "../options.ts";
import { findDockerfiles } from "./find-dockerfiles.ts";

/** A target with its type, which is detected from the content. */
export type Target = DockerfileTarget | ImageTarget;

export interface ImageTarget {
  readonly kind: "image";
  readonly name: string;
  /** The stream that is read instead of a file. */
  readonly stdin?: NodeJS.ReadableStream;
}

export interface DockerfileTarget extends DecodedDockerfile {
  readonly kind: "dockerfile";
  readonly name: string;
  /** The file that holds the text, or that a text in memory stands for; undefined for a stream. */
  readonly path: string | undefined;
  /** True if the text was read from the file at `path`, so that a fixed text can be written there. */
  readonly onDisk: boolean;
}

interface DecodedDockerfile {
  readonly text: string;
  /**
   * `latin1` for a file that is not UTF-8, as some old comments are not: every byte is one character, so that none is
   * lost.
   */
  readonly encoding: "utf8" | "latin1";
}

/** Reading `stdin` opens it, so only the target `-` reads it. */
type StandardInput = Pick<Environment, "stdin">;

/** Largest Dockerfile that is read, in bytes; BuildKit's limit is far lower. */
const maxDockerfile = 16 * 2 ** 20;

/**
 * Detects the type of each target, in order; a folder that is not an image is replaced by the Dockerfiles below it.
 * Targets that cannot be read are reported to `complain`.
 */
export async function classifyTargets(
  inputs: readonly TargetInput[],
  environment: StandardInput,
  complain: (message: string) => void,
): Promise<Target[]> {
  const targets: Target[] = [];
  for (const input of inputs) {
    try {
      targets.push(...(await classify(input, environment, complain)));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      complain(error.message);
    }
  }
  return targets;
}

async function classify(
  input: TargetInput,
  environment: StandardInput,
  complain: (message: string) => void,
): Promise<Target[]> {
  if (typeof input !== "string") {
    const { name, text } = input;
    const path = name === "-" ? undefined : name;
    return [{ kind: "dockerfile", name, text, encoding: "utf8", path, onDisk: false }];
  }
  if (input !== "-") return classifyPath(input, complain);
  const { stdin } = environment;
  if (stdin === undefined) throw new UserError("-: there is no standard input; give the option stdin");
  return [await classifyStream(stdin, input)];
}

async function classifyPath(name: string, complain: (message: string) => void): Promise<Target[]> {
  const info = await statTarget(name);
  if (info.isDirectory()) {
    if (await isImageFolder(name)) return [{ kind: "image", name }];
    const found = await findDockerfiles(name, complain);
    if (found.length === 0) {
      throw new UserError(
        `${name}: no Dockerfile found in this folder; name a Dockerfile or an image instead`,
      );
    }
    const targets: Target[] = [];
    for (const path of found) {
      const full = joinShown(name, path);
      try {
        targets.push(await dockerfileAt(full));
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        complain(error.message);
      }
    }
    return targets;
  }
  // a pipe (`<(docker save app)`) can be read once, like standard input
  if (!info.isFile() && isOpenFile(name)) return [await classifyStream(createReadStream(name), name)];
  const why = whyNotRegular(info);
  if (why !== undefined)
    throw new UserError(`${name}: ${why}${info.isFIFO() ? `; to read it: layerlint - < ${name}` : ""}`);
  if (looksLikeImage(await firstBytes(name))) return [{ kind: "image", name }];
  return [await dockerfileAt(name)];
}

async function dockerfileAt(path: string): Promise<DockerfileTarget> {
  return { kind: "dockerfile", name: path, ...(await readDockerfile(path)), path, onDisk: true };
}

/** Throws `UserError` unless `name`, the value of `option`, is a folder. */
export async function checkFolder(name: string, option: string): Promise<void> {
  const info = await statTarget(name);
  if (!info.isDirectory()) throw new UserError(`${name}: ${option} needs a folder, but this is a file`);
}

/** Joins a folder, as given, with a relative path: `./a` stays `./a/Dockerfile`. */
function joinShown(folder: string, path: string): string {
  return folder.endsWith("/") ? folder + path : `${folder}/${path}`;
}

async function statTarget(name: string): Promise<Stats> {
  try {
    return await stat(name);
  } catch (error) {
    throw readError(name, error);
  }
}

function readError(name: string, error: unknown): UserError {
  const code = errorCode(error);
  if (code === "ENOENT" || code === "ENOTDIR") return new UserError(`${name}: no such file or folder`);
  if (code === "EACCES" || code === "EPERM")
    return new UserError(`${name}: no permission to read; check its permissions`);
  return new UserError(`${name}: cannot be read (${code ?? String(error)})`);
}

async function firstBytes(name: string): Promise<Uint8Array> {
  try {
    const handle = await open(name);
    try {
      const { buffer, bytesRead } = await handle.read(new Uint8Array(headBytes), 0, headBytes, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw readError(name, error);
  }
}

async function readDockerfile(name: string): Promise<DecodedDockerfile> {
  let bytes: Buffer;
  try {
    const handle = await open(name);
    try {
      const { size } = await handle.stat();
      if (size > maxDockerfile) throw tooLarge(name);
      bytes = await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw error instanceof UserError ? error : readError(name, error);
  }
  return decodeDockerfile(bytes, name);
}

function decodeDockerfile(bytes: Buffer, name: string): DecodedDockerfile {
  if (bytes.length > maxDockerfile) throw tooLarge(name);
  if (bytes.includes(0)) throw notADockerfile(name);
  try {
    const text = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true }).decode(bytes);
    return { text, encoding: "utf8" };
  } catch {
    return { text: bytes.toString("latin1"), encoding: "latin1" };
  }
}

/** Encodes a text in the encoding of its file. */
export function encodeDockerfile(text: string, { encoding }: DecodedDockerfile): Buffer {
  return Buffer.from(text, encoding);
}

function tooLarge(name: string): UserError {
  return new UserError(
    `${name}: not a container image, and too large for a Dockerfile (at most ${formatBytes(maxDockerfile)})`,
  );
}

function notADockerfile(name: string): UserError {
  return new UserError(
    `${name}: neither a Dockerfile nor a container image (a docker save archive, an OCI archive or layout)`,
  );
}

/** Detects from the first bytes of a stream whether it is an image or a Dockerfile. */
async function classifyStream(input: NodeJS.ReadableStream, name: string): Promise<Target> {
  const iterator = (input as AsyncIterable<Uint8Array | string>)[Symbol.asyncIterator]();
  const chunks: Uint8Array[] = [];
  let length = 0;
  let ended = false;
  const next = async () => {
    const result = await iterator.next();
    if (result.done === true) ended = true;
    else {
      const chunk = typeof result.value === "string" ? Buffer.from(result.value) : result.value;
      chunks.push(chunk);
      length += chunk.length;
    }
  };
  while (!ended && length < headBytes) await next();
  const start = Buffer.concat(chunks);
  if (start.length === 0)
    throw new UserError(`${name}: the input is empty; pipe a Dockerfile or an image archive into it`);
  if (looksLikeImage(start)) {
    const rest = async function* () {
      yield start;
      while (true) {
        const result = await iterator.next();
        if (result.done === true) return;
        yield typeof result.value === "string" ? Buffer.from(result.value) : result.value;
      }
    };
    return { kind: "image", name, stdin: Readable.from(rest(), { objectMode: false }) };
  }
  while (!ended && length <= maxDockerfile) await next();
  return {
    kind: "dockerfile",
    name,
    ...decodeDockerfile(Buffer.concat(chunks), name),
    path: undefined,
    onDisk: false,
  };
}
