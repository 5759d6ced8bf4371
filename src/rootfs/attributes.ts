/** Compares the attributes of entries. */
import type { Entry } from "../image/image.ts";

/** Mode, owner, time and extended attributes are the same. */
export function sameAttributes(a: Entry, b: Entry): boolean {
  return (
    a.mode === b.mode &&
    a.uid === b.uid &&
    a.gid === b.gid &&
    a.mtime === b.mtime &&
    a.mtimeNs === b.mtimeNs &&
    sameXattrs(a.xattrs, b.xattrs)
  );
}

function sameXattrs(a: Entry["xattrs"], b: Entry["xattrs"]): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.size !== b.size) return false;
  for (const [name, value] of a) if (b.get(name) !== value) return false;
  return true;
}
