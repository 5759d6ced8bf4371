/** The use case `compare`: compares what a container sees in two images. */
import { defined } from "../defined.ts";
import { UserError } from "../errors.ts";
import { byteWork } from "../image/bytes/threads.ts";
import { openImage } from "../image/open.ts";
import { compareImages } from "../optimize/compare-images.ts";
import { parseIgnored } from "../optimize/ignore.ts";
import { secretsOfImage } from "../rule/findings/known-secrets.ts";
import { comparisonReport, type ComparisonReport } from "./comparison-report.ts";
import { environmentOf, type Environment } from "./environment.ts";
import type { Masked } from "./masker.ts";
import type { CompareOptions, ComparisonOptions } from "./options.ts";

/**
 * Compares two images. Resolves to the report that `layerlint compare --format json` prints. Throws `UserError` for
 * errors that the caller can fix.
 */
export async function compare(
  before: string,
  after: string,
  options: CompareOptions = {},
): Promise<ComparisonReport> {
  return runCompare(before, after, options, environmentOf(options));
}

export async function runCompare(
  beforeName: string,
  afterName: string,
  options: ComparisonOptions,
  environment: Environment,
): Promise<Masked<ComparisonReport>> {
  const { masker, signal, onProgress, launcher } = environment;
  const ignored = parseIgnored(options.ignore ?? []);
  if (beforeName === "-" && afterName === "-")
    throw new UserError("- -: only one of the two images can come from standard input");
  const given = typeof options.tag === "string" ? [options.tag] : (options.tag ?? []);
  if (given.length > 2) throw new UserError("--tag: give it once for both images, or once for each");
  const tags = [given[0], given[1] ?? given[0]] as const;
  const bytes = byteWork(launcher);
  const open = (name: string, tag: string | undefined) =>
    openImage(name, {
      ...defined({ platform: options.platform, tag }),
      ...stdinFor(name, environment),
      allowHuge: options.allowHuge === true,
      // equal diff IDs count as equal layers, so they must be verified
      verify: true,
      bytes,
      signal,
      ...defined({ onProgress }),
    });
  try {
    const before = await open(beforeName, tags[0]);
    try {
      const after = await open(afterName, tags[1]);
      try {
        for (const image of [before, after]) masker.learn(secretsOfImage(image));
        const comparison = await compareImages(before, after, ignored, bytes);
        const named = (name: string, tag: string | undefined) =>
          tags[0] === tags[1] ? name : `${name} (${tag})`;
        const names = [named(beforeName, tags[0]), named(afterName, tags[1])] as const;
        return comparisonReport(comparison, names, masker);
      } finally {
        await after.close();
      }
    } finally {
      await before.close();
    }
  } finally {
    await bytes.close();
  }
}

/** Passes standard input on for `-` only, because reading the property opens it. */
function stdinFor(name: string, environment: Environment): { readonly stdin?: NodeJS.ReadableStream } {
  if (name !== "-") return {};
  const { stdin } = environment;
  return defined({ stdin });
}
