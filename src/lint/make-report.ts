/** Makes the report of a run from its audits. */
import type { Audit } from "./audit.ts";
import { InodeSet } from "../rootfs/inode-set.ts";
import type { Notice, Report, Summary } from "./report.ts";
import type { Accept } from "./settings.ts";

/** Makes the report of a run from its audits. */
export function makeReport(audits: readonly Audit[], version: string): Report {
  const targets = audits.flatMap((part) => part.targets);
  const located = audits.flatMap((part) => part.findings);
  // inodes are keyed by layer, so each subject counts its own
  let foundBytes = 0;
  let fixableBytes = 0;
  for (const part of audits) {
    foundBytes += new InodeSet(part.findings.flatMap(({ inodes }) => inodes)).bytes;
    fixableBytes += new InodeSet(
      part.findings.flatMap(({ inodes, fixes }) => (fixes.length > 0 ? inodes : [])),
    ).bytes;
  }
  const images = targets.flatMap(({ image }) => (image === undefined ? [] : [image]));
  const budgets = audits.flatMap(({ budget }) => (budget === undefined ? [] : [budget]));
  const findings = located.map(({ finding }) => finding);
  const number = (severity: string) => findings.filter((finding) => finding.severity === severity).length;
  const summary: Summary = {
    errors: number("error"),
    warnings: number("warning"),
    infos: number("info"),
    foundBytes,
    reclaimableBytes: images.reduce((sum, image) => sum + image.totals.reclaimableBytes, 0),
    reclaimableCompressedBytes: images.reduce(
      (sum, image) => sum + image.totals.reclaimableCompressedBytes,
      0,
    ),
    fixableBytes,
    suppressed: audits.reduce((sum, part) => sum + part.suppressed, 0),
    failed: audits.some((part) => part.failed),
    ...(budgets.length === 0 ? {} : { budgets }),
  };
  const applied = audits.some((part) => part.applied !== undefined)
    ? { applied: audits.flatMap((part) => part.applied ?? []) }
    : {};
  const notices = staleAccepts(audits);
  const tool = { name: "layerlint", version } as const;
  return { schemaVersion: 1, tool, targets, ...applied, findings, notices, summary };
}

/** Returns a notice for each `accept` entry that matched no finding of any image. */
function staleAccepts(audits: readonly Audit[]): Notice[] {
  const used = new Map<Accept, boolean>();
  for (const { accepts } of audits)
    for (const [accept, isUsed] of accepts) used.set(accept, isUsed || used.get(accept) === true);
  return [...used].flatMap(([{ rule, path, until, expired, file, line }, isUsed]) => {
    if (isUsed) return [];
    const end = expired ? `, and it ended on ${until}` : "";
    return [
      {
        message: `${rule.id} finds nothing in ${path} that this entry could accept${end}: remove it`,
        file,
        line,
      },
    ];
  });
}
