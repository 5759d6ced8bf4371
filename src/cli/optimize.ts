import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { maskSecrets } from "../../rules/knowledge/secrets.ts";
import { reportPath } from "../engine/locate.ts";
import { UserError } from "../errors.ts";
import { openImage } from "../image/open.ts";
import { cannotWrite, Workplace } from "../image/writing/workplace.ts";
import { optimize, predict, type OptimizeRequest, type OptimizeResult } from "../optimize/optimize.ts";
import { optimizeJson, optimizeText } from "../report/optimize.ts";
import { styleFor } from "../report/style.ts";
import type { OptimizeArguments } from "./optimize-options.ts";
import { requestOf } from "./optimize-request.ts";
import { ProgressLine } from "./progress.ts";
import { exitCodes, type ExitCode, type Streams } from "./streams.ts";
import { classifyTargets, type Target } from "./targets.ts";

/** `layerlint optimize`: 0 when the output is written and proved, 2 otherwise. */
export async function optimizeImage(args: OptimizeArguments, streams: Streams): Promise<ExitCode> {
  const { image: target, dockerfile } = await chooseTargets(args, streams);
  const output = outputOf(args, target);
  if (output === undefined) {
    const folder = await mkdtemp(join(tmpdir(), "layerlint-"));
    try {
      return await withImage(
        args,
        streams,
        target,
        dockerfile,
        () => join(folder, "input"),
        async (request) => print(args, streams, target, request, await predict(request)),
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  const inputs = [...args.targets, args.base ?? ""].filter((name) => name !== "-" && name !== "");
  const place = await Workplace.create(output, inputs, streams.signal);
  try {
    return await withImage(
      args,
      streams,
      target,
      dockerfile,
      () => place.path("input"),
      async (request) => {
        const result = await optimize(request, place);
        if (args.proof !== undefined) await writeProof(args.proof, request, result);
        return print(args, streams, target, request, result);
      },
    );
  } finally {
    await place.remove();
  }
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
      `${args.targets.join(" ")}: name one image, and its Dockerfile if you like; see layerlint optimize --help`.trim(),
    );
  return { image, dockerfile: files[0] };
}

function outputOf(args: OptimizeArguments, target: Chosen["image"]): string | undefined {
  if (args.dryRun) return undefined;
  if (args.output === undefined || args.output === "")
    throw new UserError(`${target.name}: say with -o where the new image goes, or use --dry-run`);
  return args.output;
}

async function withImage(
  args: OptimizeArguments,
  streams: Streams,
  target: Chosen["image"],
  dockerfile: Chosen["dockerfile"],
  spool: () => string,
  work: (request: OptimizeRequest) => Promise<ExitCode>,
): Promise<ExitCode> {
  const progress = new ProgressLine(streams.stderr);
  const image = await openImage(target.name, {
    ...(args.platform === undefined ? {} : { platform: args.platform }),
    ...(args.tag === undefined ? {} : { tag: args.tag }),
    ...(target.stdin === undefined ? {} : { stdin: target.stdin }),
    verify: "compressed",
    spool,
    allowHuge: args.allowHuge,
    signal: streams.signal,
    onProgress: progress.update,
  });
  try {
    let doneBytes = 0;
    const totalBytes = image.layers.reduce((sum, layer) => sum + layer.compressedBytes, 0);
    return await work({
      ...(await requestOf(args, streams, image, dockerfile)),
      onBytes(bytes) {
        doneBytes += bytes;
        progress.update({ what: `${target.name} for writing`, doneBytes, totalBytes });
      },
    });
  } finally {
    progress.clear();
    await image.close();
  }
}

async function writeProof(path: string, request: OptimizeRequest, result: OptimizeResult): Promise<void> {
  try {
    await writeFile(path, `${JSON.stringify(proofDocument(request, result), undefined, 2)}\n`);
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

function proofDocument({ image }: OptimizeRequest, { written }: OptimizeResult) {
  return {
    schemaVersion: 1,
    before: {
      name: image.name,
      digest: image.digest ?? null,
      config: image.configDigest,
      diffIds: image.config.diffIds,
    },
    after: { config: written?.image.configDigest, layers: written?.proof.layers },
    rootfsDigest: written?.proof.rootfsDigest,
    names: written?.proof.names,
    hashedFiles: written?.proof.hashedFiles,
    pruned: (written?.proof.pruned ?? []).map(reportPath),
    baseDiffIds: written?.proof.baseDiffIds,
  };
}

function print(
  args: OptimizeArguments,
  streams: Streams,
  target: Chosen["image"],
  request: OptimizeRequest,
  result: OptimizeResult,
): ExitCode {
  const facts = {
    input: target.name,
    output: args.dryRun ? undefined : args.output,
    form: request.form,
    fixedLayers: request.fixedLayers,
    explain: args.explain,
  };
  const text =
    args.format === "json"
      ? optimizeJson(result, facts)
      : optimizeText(result, facts, styleFor(args.color, streams.env, streams.stdout));
  streams.stdout.write(maskSecrets(text));
  return exitCodes.clean;
}
