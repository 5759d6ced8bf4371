import { maskSecrets } from "../knowledge/secrets/secrets.ts";
import { UserError } from "../errors.ts";
import { byteWork } from "../image/bytes/threads.ts";
import { openImage } from "../image/open.ts";
import { compareImages } from "../optimize/compare-images.ts";
import { parseIgnored } from "../optimize/ignore.ts";
import { comparisonJson, comparisonText } from "../report/comparison.ts";
import { styleFor } from "../report/style.ts";
import type { CompareArguments } from "./compare-options.ts";
import { splitList } from "./options.ts";
import { ProgressLine } from "./progress.ts";
import { exitCodes, type ExitCode, type Streams } from "./streams.ts";
import { version } from "../app/version.ts";

/** `layerlint compare`: 0 when a container sees no difference, 1 when it does. */
export async function compare(args: CompareArguments, streams: Streams): Promise<ExitCode> {
  const ignored = parseIgnored(splitList(args.ignore));
  if (args.before === "-" && args.after === "-")
    throw new UserError("- -: only one of the two images can come from standard input");
  if (args.tag.length > 2) throw new UserError("--tag: give it once for both images, or once for each");
  const progress = new ProgressLine(streams.stderr);
  const bytes = byteWork(streams.launcher);
  const tags = [args.tag[0], args.tag[1] ?? args.tag[0]] as const;
  const open = (name: string, tag: string | undefined) =>
    openImage(name, {
      ...(args.platform === undefined ? {} : { platform: args.platform }),
      ...(tag === undefined ? {} : { tag }),
      ...(name === "-" ? { stdin: streams.stdin } : {}),
      allowHuge: args.allowHuge,
      // layers that say they are the same must be
      verify: true,
      bytes,
      signal: streams.signal,
      onProgress: progress.update,
    });
  try {
    const before = await open(args.before, tags[0]);
    try {
      const after = await open(args.after, tags[1]);
      try {
        const comparison = await compareImages(before, after, ignored, bytes);
        progress.clear();
        const named = (name: string, tag: string | undefined) =>
          tags[0] === tags[1] ? name : `${name} (${tag})`;
        const names = [named(args.before, tags[0]), named(args.after, tags[1])] as const;
        const text =
          args.format === "json"
            ? comparisonJson(comparison, names, version)
            : comparisonText(comparison, names, styleFor(args.color, streams.env, streams.stdout));
        streams.stdout.write(maskSecrets(text));
        return comparison.equal ? exitCodes.clean : exitCodes.findings;
      } finally {
        await after.close();
      }
    } finally {
      progress.clear();
      await before.close();
    }
  } finally {
    await bytes.close();
  }
}
