/** Joins what rules of size find about a secret with the finding of the secret: one file, one finding. */
import type { Inode } from "../analysis/subject.ts";
import type { Collected } from "./collect.ts";

type Owned = Collected["findings"][number];

/**
 * Returns the findings without those of category `size` whose files are all of one secret. Their messages become notes of
 * the secret's finding, which takes over their fixes.
 */
export function joinAspects(findings: readonly Owned[]): readonly Owned[] {
  const secrets = new Map<string, Owned>();
  for (const owned of findings)
    if (owned.rule.rule.category === "security")
      for (const { layer, path } of owned.finding.locations)
        if (layer !== undefined && path !== undefined) secrets.set(`${layer} ${path}`, owned);
  if (secrets.size === 0) return findings;
  const joined = new Map<Owned, Owned[]>();
  for (const owned of findings) {
    const secret = secretOf(owned, secrets);
    if (secret === undefined) continue;
    const aspects = joined.get(secret);
    if (aspects === undefined) joined.set(secret, [owned]);
    else aspects.push(owned);
  }
  const gone = new Set([...joined.values()].flat());
  return findings.flatMap((owned) => {
    if (gone.has(owned)) return [];
    const aspects = joined.get(owned);
    return aspects === undefined ? [owned] : [withAspects(owned, aspects)];
  });
}

/** The finding of the one secret that all files of a finding belong to. */
function secretOf(
  { rule, finding: { inodes = [] } }: Owned,
  secrets: ReadonlyMap<string, Owned>,
): Owned | undefined {
  if (rule.rule.category !== "size") return undefined;
  const owners = new Set(inodes.map((inode: Inode) => secrets.get(`${inode.layer} ${inode.entry.path}`)));
  return owners.size === 1 ? [...owners][0] : undefined;
}

function withAspects({ rule, finding, notes }: Owned, aspects: readonly Owned[]): Owned {
  const all = [finding, ...aspects.map((aspect) => aspect.finding)];
  const fixes = all.flatMap((each) => each.fixes ?? []);
  const inodes = all.flatMap((each) => each.inodes ?? []);
  return {
    rule,
    finding: { ...finding, inodes, ...(fixes.length === 0 ? {} : { fixes }) },
    notes: [
      ...notes,
      ...aspects.flatMap((aspect) => [`${aspect.rule.rule.id}: ${aspect.finding.message}`, ...aspect.notes]),
    ],
  };
}
