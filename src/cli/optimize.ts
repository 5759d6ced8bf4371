import { mkdtemp, realpath, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve, sep } from "node:path";
import { maskSecrets } from "../knowledge/secrets/secrets.ts";
import { mayHoldSecret } from "../knowledge/secrets/secret-files.ts";
import { formatBytes } from "../format.ts";
import { formatPlatform } from "../image/image.ts";
import type { Origins } from "../origin/origin.ts";
import { UserError } from "../errors.ts";
import { byteWork } from "../image/bytes/threads.ts";
import { openImage, openPlatforms } from "../image/open.ts";
import { cannotWrite, StagingDirectory } from "../image/writing/staging-directory.ts";
import { optimize, predict } from "../optimize/optimize-image.ts";
import type { OptimizeResult } from "../optimize/outcome.ts";
import type { OptimizeRequest } from "../optimize/request.ts";
import { optimizeText } from "../report/optimize-text.ts";
import { optimizeJson } from "../report/optimize-json.ts";
import { isGuess } from "../origin/origins.ts";
import { proofJson } from "../report/proof.ts";
import { applyLayers } from "../rootfs/apply.ts";
import { styleFor } from "../report/style.ts";
import type { OptimizeArguments } from "./optimize-options.ts";
import { requestOf } from "./optimize-request.ts";
import { secretsAfter } from "./secrets-after.ts";
import { ProgressLine } from "./progress.ts";
import { exitCodes, type ExitCode, type Streams } from "./streams.ts";
import { classifyTargets, type Target } from "./targets.ts";
import { version } from "./version.ts";

/** `layerlint optimize`: 0 when the output is written and proved, 2 otherwise. */
export async function optimizeImage(args: OptimizeArguments, streams: Streams): Promise<ExitCode> {
  const { image: target, dockerfile } = await chooseTargets(args, streams);
  if (args.target !== undefined && dockerfile === undefined)
    throw new UserError(`--target ${args.target}: names a stage of a Dockerfile; give the Dockerfile too`);
  if (args.dryRun && args.proof !== undefined)
    throw new UserError("--proof: a dry run writes nothing to prove; drop one of the two options");
  const output = outputOf(args, target);
  if (output === undefined) {
    const folder = await mkdtemp(join(tmpdir(), "layerlint-"));
    try {
      return await withImages(
        args,
        streams,
        target,
        dockerfile,
        () => join(folder, "input"),
        (requests) => Promise.all(requests.map(predict)),
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  const inputs = [...args.targets, args.base ?? "", ...args.with].filter(
    (name) => name !== "-" && name !== "",
  );
  const { proof } = args;
  if (proof !== undefined) await checkProofPath(proof, output, inputs);
  const place = await StagingDirectory.create(output, inputs, streams.signal);
  let isProofWritten = false;
  try {
    return await withImages(
      args,
      streams,
      target,
      dockerfile,
      () => place.path("input"),
      (requests) =>
        optimize(requests, place, async (results) => {
          if (proof === undefined) return;
          isProofWritten = true;
          await writeProof(proof, requests, results);
        }),
    );
  } catch (error) {
    // what it proves is not there
    if (proof !== undefined && isProofWritten) await removeFile(proof);
    throw error;
  } finally {
    await place.remove();
  }
}

/** Said before the work is done: the proof is a new file, and no part of what is read or written. */
async function checkProofPath(path: string, output: string, inputs: readonly string[]): Promise<void> {
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
    const real = await realpath(input).catch(() => undefined);
    if (real !== undefined && isIn(parent, real))
      throw new UserError(`${path}: lies inside the input ${input}; give the proof a name outside of it`);
  }
}

/** What was made here; not a pipe or a terminal, which somebody else owns. */
async function removeFile(path: string): Promise<void> {
  const info = await stat(path).catch(() => undefined);
  if (info?.isFile() === true) await rm(path).catch(() => {});
}

interface Chosen {
  readonly image: Target & { readonly kind: "image" };
  readonly dockerfile: (Target & { readonly kind: "dockerfile" }) | undefined;
}

async function chooseTargets(args: OptimizeArguments, streams: Streams): Promise<Chosen> {
  const problems: string[] = [];
  const targets = await classifyTargets(args.targets, streams, (message) => problems.push(message));
  if (problems[0] !== undefined) throw new UserError(problems[0]);
  const images = targets.filter((target) => target.kind === "image");
  const files = targets.filter((target) => target.kind === "dockerfile");
  const [image] = images;
  if (image === undefined || images.length > 1 || files.length > 1)
    throw new UserError(
      `${args.targets.join(" ") || "optimize"}: name one image, and optionally its Dockerfile; see layerlint optimize --help`,
    );
  return { image, dockerfile: files[0] };
}

function outputOf(args: OptimizeArguments, target: Chosen["image"]): string | undefined {
  if (args.dryRun) return undefined;
  if (args.output === undefined || args.output === "")
    throw new UserError(`${target.name}: name the output with -o, or use --dry-run`);
  if (args.output === "-")
    throw new UserError(
      "-o -: an image is written to a file or folder, not to standard output; give its name",
    );
  if (/\.(?:tar\.\w+|tgz|txz|tzst)$/i.test(args.output))
    throw new UserError(
      `${args.output}: only the layers of the output are compressed, not the whole file; give a name that ends in .tar`,
    );
  return args.output;
}

async function withImages(
  args: OptimizeArguments,
  streams: Streams,
  target: Chosen["image"],
  dockerfile: Chosen["dockerfile"],
  spool: () => string,
  work: (requests: readonly OptimizeRequest[]) => Promise<readonly OptimizeResult[]>,
): Promise<ExitCode> {
  const progress = new ProgressLine(streams.stderr);
  const { platform } = args;
  const bytes = byteWork(streams.launcher);
  const { heap } = streams;
  const options = {
    ...(args.tag === undefined ? {} : { tag: args.tag }),
    ...(target.stdin === undefined ? {} : { stdin: target.stdin }),
    verify: "compressed",
    keep: mayHoldSecret,
    spool,
    allowHuge: args.allowHuge,
    signal: streams.signal,
    onProgress: progress.update,
    onCompressed: () => heap?.letGrow(400),
  } as const;
  const { images, incomplete } =
    platform === "all"
      ? await openPlatforms(target.name, options)
      : {
          images: [
            await openImage(target.name, { ...options, ...(platform === undefined ? {} : { platform }) }),
          ],
          incomplete: [],
        };
  try {
    let doneBytes = 0;
    const totalBytes = images
      .flatMap(({ layers }) => layers)
      .reduce((sum, layer) => sum + layer.compressedBytes, 0);
    const onBytes = (bytes: number) => {
      doneBytes += bytes;
      progress.update({ what: `${target.name} for writing`, doneBytes, totalBytes });
    };
    const requests: OptimizeRequest[] = [];
    const origins: Origins[] = [];
    for (const image of images) {
      const made = await requestOf(args, streams, image, dockerfile, images.length);
      requests.push({ ...made.request, onBytes, bytes, heap });
      origins.push(made.origins);
    }
    const results = await work(requests);
    progress.clear();
    return print(args, streams, target, { requests, results, origins, incomplete });
  } finally {
    progress.clear();
    await bytes.close();
    await images[0]?.close();
  }
}

/** Before the output is there: a proof that cannot be kept is a failure, and leaves nothing. */
async function writeProof(
  path: string,
  requests: readonly OptimizeRequest[],
  results: readonly OptimizeResult[],
): Promise<void> {
  try {
    await writeFile(path, proofJson(requests, results, version));
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

function platformNames(requests: readonly OptimizeRequest[]): string[] {
  return requests.map(({ image }) => formatPlatform(image.config.platform));
}

interface Outcome {
  readonly requests: readonly OptimizeRequest[];
  readonly results: readonly OptimizeResult[];
  readonly origins: readonly Origins[];
  /** Platforms that are only named. */
  readonly incomplete: readonly string[];
}

function print(
  args: OptimizeArguments,
  streams: Streams,
  target: Chosen["image"],
  { requests, results, origins, incomplete }: Outcome,
): ExitCode {
  const names = platformNames(requests);
  const others = args.platform === "all" ? [] : requests.flatMap(({ image }) => image.source.otherPlatforms);
  const notices = [
    ...incomplete.map(
      (platform) => `${target.name} lists ${platform} without its content, so it is not in the output`,
    ),
    ...(others.length === 0
      ? []
      : [
          `the output is for ${names.join()}, without ${others.join(", ")} of the same image; --platform all includes them`,
        ]),
  ];
  const facts = requests.map(({ image, form, fixedLayers }, i) => ({
    input: target.name,
    output: args.dryRun ? undefined : args.output,
    form,
    platform: names[i]!,
    isOneOfSeveral: requests.length > 1,
    fixedLayers,
    foundBy: origins[i]!.base.foundBy,
    isGuess: isGuess(origins[i]!.base.foundBy),
    recompress: args.recompress !== undefined,
    explain: args.explain,
    secrets: secretsAfter(image, origins[i]!, results[i]!.layers),
    // what is about all of them is said once
    notices: [
      ...keptOnSuspicion(requests[i]!, results[i]!, origins[i]!),
      ...(i === requests.length - 1 ? notices : []),
    ],
  }));
  const text =
    args.format === "json"
      ? optimizeJson(results, facts, version)
      : optimizeText(results, facts, styleFor(args.color, streams.env, streams.stdout));
  streams.stdout.write(maskSecrets(text));
  return exitCodes.clean;
}

/** A first layer that may be no base: what nobody sees of it stays until somebody says so. */
function keptOnSuspicion(
  { image }: OptimizeRequest,
  { layers }: OptimizeResult,
  { base }: Origins,
): string[] {
  const [first] = layers;
  if (!isGuess(base.foundBy) || first?.plan.action !== "keep" || first.plan.why !== "base") return [];
  const { deadFiles } = applyLayers(image.layers, { os: image.config.platform.os }).settle();
  const bytes = deadFiles.reduce((sum, { addedIn, bytes: dead }) => sum + (addedIn === 0 ? dead : 0), 0);
  return bytes === 0
    ? []
    : [
        `layer 0 is kept although no container sees ${formatBytes(bytes)} of it, because it may be a base that other images share; if it is not, --base 0 rewrites it too`,
      ];
}
