/** Compares the attributes of a file between two layers. */
import type { Entry } from "../../image/image.ts";
import type { DeadFile } from "../../rootfs/rootfs.ts";

/** The attributes that differ between the dead copy of a file and its replacement. */
export interface Change {
  /** `0644→0755`. */
  readonly mode?: string;
  /** `0:0→1000:1000`, as uid:gid. */
  readonly owner?: string;
  readonly xattrs: boolean;
  readonly time: boolean;
}

export function changeOf({ entry, by }: DeadFile): Change {
  if (by === undefined) return { xattrs: false, time: false };
  return {
    ...(entry.mode === by.mode ? {} : { mode: `${octal(entry)}→${octal(by)}` }),
    ...(entry.uid === by.uid && entry.gid === by.gid ? {} : { owner: `${owner(entry)}→${owner(by)}` }),
    xattrs: !sameXattrs(entry.xattrs, by.xattrs),
    time: entry.mtime !== by.mtime || entry.mtimeNs !== by.mtimeNs,
  };
}

/** Returns true if only the time differs. */
export function timeOnly({ mode, owner: who, xattrs }: Change): boolean {
  return mode === undefined && who === undefined && !xattrs;
}

/** Returns the new value if it is the same for all changes: `0755`; else undefined. */
export function target(changes: readonly Change[], of: "mode" | "owner"): string | undefined {
  const ends = new Set(changes.flatMap((change) => change[of]?.split("→")[1] ?? []));
  return ends.size === 1 ? [...ends][0] : undefined;
}

export function octal({ mode }: Entry): string {
  return mode.toString(8).padStart(4, "0");
}

function owner({ uid, gid }: Entry): string {
  return `${uid}:${gid}`;
}

export function sameXattrs(a: Entry["xattrs"], b: Entry["xattrs"]): boolean {
  if ((a?.size ?? 0) !== (b?.size ?? 0)) return false;
  for (const [name, value] of a ?? []) if (b?.get(name) !== value) return false;
  return true;
}
