/** Decides which findings about an image the configuration accepts. */
import { toText } from "../byte-path.ts";
import type { Finding, Rule } from "../rule/contract.ts";
import type { Accept } from "./settings.ts";

/** The effect of the `accept` entries on one finding. */
export interface Acceptance {
  readonly accepted: boolean;
  /** Entries that cover at least one of its files. */
  readonly used: readonly Accept[];
  /** Why the finding is no longer accepted; undefined when no entry has expired. */
  readonly note: string | undefined;
}

/**
 * Accepts a finding when entries for its rule cover every file that it names. Only the glob `**` covers a finding
 * that names no file. An expired entry covers nothing, and the finding gets a note about it.
 */
export function acceptance(accepts: readonly Accept[], rule: Rule, finding: Finding): Acceptance {
  const own = accepts.filter((accept) => accept.rule === rule);
  if (
    own.length === 0 ||
    !finding.locations.some(({ layer, path }) => layer !== undefined || path !== undefined)
  )
    return { accepted: false, used: [], note: undefined };
  const files = filesOf(finding);
  const used = own.filter((accept) => files.some((file) => covers(accept, file)));
  const isCovered = (by: readonly Accept[]) =>
    files.every((file) => by.some((accept) => covers(accept, file)));
  if (isCovered(used.filter(({ expired }) => !expired))) return { accepted: true, used, note: undefined };
  const lapsed = used.find(({ expired }) => expired);
  return {
    accepted: false,
    used,
    note:
      lapsed === undefined || !isCovered(used)
        ? undefined
        : `it was accepted until ${lapsed.until} (${lapsed.file}:${lapsed.line}: ${lapsed.reason})`,
  };
}

interface File {
  readonly layer: number | undefined;
  /** Undefined when the finding names no file. */
  readonly path: string | undefined;
}

function filesOf(finding: Finding): File[] {
  const inodes = (finding.inodes ?? []).map(({ layer, entry }) => ({ layer, path: toText(entry.path) }));
  if (inodes.length > 0) return inodes;
  const layer = finding.locations.find((place) => place.layer !== undefined)?.layer;
  const named = finding.morePaths === undefined ? (finding.paths ?? []) : [];
  if (named.length > 0) return named.map(({ path }) => ({ layer, path: toText(path) }));
  return finding.locations
    .filter((place) => place.layer !== undefined || place.path !== undefined)
    .map((place) => ({
      layer: place.layer,
      path: place.path === undefined || finding.morePaths !== undefined ? undefined : toText(place.path),
    }));
}

function covers(accept: Accept, { layer, path }: File): boolean {
  if (accept.layer !== undefined && accept.layer !== layer) return false;
  return path === undefined ? accept.path === "**" : accept.matches(path);
}
