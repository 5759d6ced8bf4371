/** Opens an image, rewrites or plans it, and returns the outcome. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defined } from "../../defined.ts";
import { parseDockerfile } from "../../dockerfile/parse.ts";
import { UserError } from "../../errors.ts";
import { formatBytes } from "../../format.ts";
import { byteWork } from "../../image/bytes/threads.ts";
import { formatPlatform, type OpenedImage } from "../../image/image.ts";
import { openImage, openPlatforms } from "../../image/open.ts";
import { StagingDirectory } from "../../image/writing/staging-directory.ts";
import { mayHoldSecret } from "../../knowledge/secrets/secret-files.ts";
import { itemAt } from "../../must.ts";
import { optimize, predict } from "../../optimize/optimize-image.ts";
import type { OptimizeResult } from "../../optimize/outcome.ts";
import type { OptimizeRequest } from "../../optimize/request.ts";
import type { Origins } from "../../origin/origin.ts";
import { isGuess } from "../../origin/origins.ts";
import { applyLayers } from "../../rootfs/apply.ts";
import { secretsOfDockerfile, secretsOfImage } from "../../rule/findings/known-secrets.ts";
import type { Environment } from "../environment.ts";
import type { Masked } from "../masker.ts";
import type { RewriteOptions, TargetInput } from "../options.ts";
import { classifyTargets, type DockerfileTarget, type ImageTarget } from "../targets/targets.ts";
import type { OptimizeFacts } from "./optimize-facts.ts";
import { optimizeReport, type OptimizeReport } from "./optimize-report.ts";
import { requestOf } from "./optimize-request.ts";
import { checkProofPath, removeProof, writeProof } from "./proof-file.ts";
import { secretsAfter } from "./secrets-after.ts";

/** Writes the new image and proves it, or plans it for a dry run. Reports the outcome for each platform. */
export async function runOptimize(
  targets: readonly TargetInput[],
  options: RewriteOptions,
  environment: Environment,
): Promise<Masked<OptimizeReport>> {
  const chosen = await chooseTargets(targets, environment);
  if (options.target !== undefined && chosen.dockerfile === undefined)
    throw new UserError(`--target ${options.target}: names a stage of a Dockerfile; give the Dockerfile too`);
  if (options.dryRun === true && options.proof !== undefined)
    throw new UserError("--proof: a dry run writes nothing to prove; drop one of the two options");
  const output = outputOf(options, chosen.image);
  const run = { chosen, options, environment };
  if (output === undefined) {
    const folder = await mkdtemp(join(tmpdir(), "layerlint-"));
    try {
      const spool = () => join(folder, "input");
      return await withImages({ ...run, spool }, (requests) => Promise.all(requests.map(predict)));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  const names = targets.map((target) => (typeof target === "string" ? target : target.name));
  const base = options.base === undefined ? "" : String(options.base);
  const inputs = [...names, base, ...(options.with ?? [])].filter((name) => name !== "-" && name !== "");
  const { proof } = options;
  if (proof !== undefined) await checkProofPath(proof, output, inputs);
  const place = await StagingDirectory.create(output, inputs, environment.signal);
  let isProofWritten = false;
  try {
    return await withImages({ ...run, spool: () => place.path("input") }, (requests) =>
      optimize(requests, place, async (results) => {
        if (proof === undefined) return;
        isProofWritten = true;
        await writeProof(proof, requests, results, environment.masker);
      }),
    );
  } catch (error) {
    // the output does not exist, so the proof is void
    if (proof !== undefined && isProofWritten) await removeProof(proof);
    throw error;
  } finally {
    await place.remove();
  }
}

interface Chosen {
  readonly image: ImageTarget;
  readonly dockerfile: DockerfileTarget | undefined;
}

async function chooseTargets(inputs: readonly TargetInput[], environment: Environment): Promise<Chosen> {
  const problems: string[] = [];
  const targets = await classifyTargets(inputs, environment, (message) => problems.push(message));
  if (problems[0] !== undefined) throw new UserError(problems[0]);
  const images = targets.filter((target) => target.kind === "image");
  const files = targets.filter((target) => target.kind === "dockerfile");
  const [image] = images;
  if (image === undefined || images.length > 1 || files.length > 1) {
    const names = inputs.map((input) => (typeof input === "string" ? input : input.name));
    throw new UserError(
      `${names.join(" ") || "optimize"}: name one image, and optionally its Dockerfile; see layerlint optimize --help`,
    );
  }
  return { image, dockerfile: files[0] };
}

function outputOf({ output, dryRun }: RewriteOptions, target: ImageTarget): string | undefined {
  if (dryRun === true) return undefined;
  if (output === undefined || output === "")
    throw new UserError(`${target.name}: name the output with -o, or use --dry-run`);
  if (output === "-")
    throw new UserError(
      "-o -: an image is written to a file or folder, not to standard output; give its name",
    );
  if (/\.(?:tar\.\w+|tgz|txz|tzst)$/i.test(output))
    throw new UserError(
      `${output}: only the layers of the output are compressed, not the whole file; give a name that ends in .tar`,
    );
  return output;
}

interface RunInputs {
  readonly chosen: Chosen;
  readonly options: RewriteOptions;
  readonly environment: Environment;
  /** Returns the path for spooling an input that can be read only once. */
  readonly spool: () => string;
}

async function withImages(
  { chosen, options, environment, spool }: RunInputs,
  work: (requests: readonly OptimizeRequest[]) => Promise<readonly OptimizeResult[]>,
): Promise<Masked<OptimizeReport>> {
  const { image: target, dockerfile } = chosen;
  const { signal, onProgress, heap } = environment;
  const bytes = byteWork(environment.launcher);
  const reading = {
    ...defined({ tag: options.tag, stdin: target.stdin }),
    verify: "compressed",
    keep: mayHoldSecret,
    spool,
    allowHuge: options.allowHuge === true,
    signal,
    ...defined({ onProgress }),
    onCompressed: () => heap?.letGrow(400),
  } as const;
  let images: readonly OpenedImage[] = [];
  try {
    const opened = await openAll(target.name, options.platform, reading);
    images = opened.images;
    let doneBytes = 0;
    const totalBytes = images
      .flatMap(({ layers }) => layers)
      .reduce((sum, layer) => sum + layer.compressedBytes, 0);
    const onBytes = (count: number) => {
      doneBytes += count;
      onProgress?.({ what: `${target.name} for writing`, doneBytes, totalBytes });
    };
    const requests: OptimizeRequest[] = [];
    const origins: Origins[] = [];
    if (dockerfile !== undefined)
      environment.masker.learn(secretsOfDockerfile(parseDockerfile(dockerfile.text, dockerfile.name)));
    for (const image of images) {
      environment.masker.learn(secretsOfImage(image));
      const made = await requestOf(options, signal, image, dockerfile, images.length);
      requests.push({ ...made.request, onBytes, bytes, heap });
      origins.push(made.origins);
    }
    const results = await work(requests);
    const notices = platformNotices(target, options, requests, opened.incomplete);
    const facts = requests.map((request, i) => ({
      ...factsOf(target, options, request, itemAt(results, i), itemAt(origins, i)),
      notices: [
        ...keptOnSuspicion(request, itemAt(results, i), itemAt(origins, i)),
        // notices about all platforms are given once
        ...(i === requests.length - 1 ? notices : []),
      ],
    }));
    return optimizeReport(results, facts, environment.masker);
  } finally {
    await bytes.close();
    await images[0]?.close();
  }
}

async function openAll(
  name: string,
  platform: string | undefined,
  reading: Parameters<typeof openPlatforms>[1],
): Promise<{ readonly images: readonly OpenedImage[]; readonly incomplete: readonly string[] }> {
  if (platform === "all") return openPlatforms(name, reading);
  const image = await openImage(name, { ...reading, ...defined({ platform }) });
  return { images: [image], incomplete: [] };
}

/** Returns notices about platforms of the input that are not in the output. */
function platformNotices(
  target: ImageTarget,
  options: RewriteOptions,
  requests: readonly OptimizeRequest[],
  incomplete: readonly string[],
): string[] {
  const names = requests.map(({ image }) => formatPlatform(image.config.platform));
  const others =
    options.platform === "all" ? [] : requests.flatMap(({ image }) => image.source.otherPlatforms);
  return [
    ...incomplete.map(
      (platform) => `${target.name} lists ${platform} without its content, so it is not in the output`,
    ),
    ...(others.length === 0
      ? []
      : [
          `the output is for ${names.join()}, without ${others.join(", ")} of the same image; --platform all includes them`,
        ]),
  ];
}

function factsOf(
  target: ImageTarget,
  options: RewriteOptions,
  { image, form, fixedLayers }: OptimizeRequest,
  result: OptimizeResult,
  origins: Origins,
): Omit<OptimizeFacts, "notices"> {
  return {
    input: target.name,
    output: options.dryRun === true ? undefined : options.output,
    form,
    platform: formatPlatform(image.config.platform),
    fixedLayers,
    baseLayers: origins.base.layers,
    foundBy: origins.base.foundBy,
    recompress: options.recompress !== undefined,
    secrets: secretsAfter(image, origins, result.layers),
  };
}

/** Returns the notice about a first layer that is kept although it may not be the base. */
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
