/**
 * One member of a layer.
 *
 * Every path, link target and xattr value taken from a layer has one char per byte (byte-path.ts).
 */
import type { BytePath } from "../byte-path.ts";

export type { BytePath } from "../byte-path.ts";

export type { DiffId, Digest } from "./digest.ts";

export type EntryKind = "file" | "dir" | "symlink" | "hardlink" | "char" | "block" | "fifo";

/** One member of a layer tar: its decoded header, and where it stands in the uncompressed layer. Whiteouts are plain files here. */
export interface Entry {
  readonly path: BytePath;
  readonly kind: EntryKind;
  /** Content bytes; 0 unless `kind` is `file`. For sparse files the real size, not what is stored (docs/spec/layers.md, case 37). */
  readonly size: number;
  /** Permission, set-id and sticky bits: `mode & 0o7777`. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Whole seconds since the epoch (may be negative), and nanoseconds 0..999_999_999 on top. */
  readonly mtime: number;
  readonly mtimeNs: number;
  /** Symlink: the target as written. Hardlink: the target as a cleaned path. Otherwise "". */
  readonly link: BytePath;
  /** Device numbers of `char` and `block`, else undefined. */
  readonly device: readonly [major: number, minor: number] | undefined;
  /** Extended attributes by name, values as byte strings; undefined when there are none. */
  readonly xattrs: ReadonlyMap<string, string> | undefined;
  /** Offset of the first header block (pax and GNU headers included) in the uncompressed tar. */
  readonly offset: number;
  /** Offset of the data in the uncompressed tar. */
  readonly dataOffset: number;
  /** Bytes of data stored in the tar; differs from `size` for sparse files and for links and directories with a size. */
  readonly storedBytes: number;
  /** Header blocks plus data rounded up to 512: what the entry costs in the uncompressed tar. */
  readonly tarBytes: number;
  /** GNU or pax sparse file: its data can be copied, not interpreted. */
  readonly sparse: boolean;
  /** Where the data of a sparse file belongs, as `offset,length,…`, if its headers say so; pax 1.0 has it in the data. */
  readonly sparseMap?: string;
  /** What makes it unfit for being rewritten: a pax header that is for all that follow, a link with a size. */
  readonly portabilityIssue?: "global-header" | "link-with-size";
  /** Headers before its own, where there are any; of directories they are not kept. */
  readonly extended?: ExtendedHeaders | undefined;
  /** Lower-case hex of the content's SHA-256. Set while streaming, or by `Image.hash`; undefined until then. Only for `file`. */
  sha256: string | undefined;
}

/** Of the pax and GNU headers before a member's own: what counts when its name changes, or the target of a hardlink. */
export interface ExtendedHeaders {
  /** Bytes of data in the last pax header; undefined where there is none. */
  readonly pax: number | undefined;
  /** Bytes of the records in it that say something else. */
  readonly others: number;
  /** Some pax header states the name. */
  readonly inPax: boolean;
  /** Bytes of the GNU headers that state it, blocks and all. */
  readonly gnu: number;
}

export type Compression = "none" | "gzip" | "zstd";
