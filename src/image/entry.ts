/**
 * One member of a layer.
 *
 * Every path, link target and xattr value taken from a layer has one char per byte (byte-path.ts).
 */
import type { BytePath } from "../byte-path.ts";

export type { BytePath } from "../byte-path.ts";

export type { DiffId, Digest } from "./digest.ts";

export type EntryKind = "file" | "dir" | "symlink" | "hardlink" | "char" | "block" | "fifo";

/**
 * One member of a layer tar: its decoded header and its offsets in the uncompressed layer. Whiteouts are plain files
 * here.
 */
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
  /** Why the entry cannot be rewritten: a global pax header applies to all later entries, or a link has a size. */
  readonly portabilityIssue?: "global-header" | "link-with-size";
  /** The pax and GNU headers before the entry's own header; undefined when there are none, and for directories. */
  readonly extended?: ExtendedHeaders | undefined;
  /** Lower-case hex of the content's SHA-256. Set while streaming, or by `Image.hash`; undefined until then. Only for `file`. */
  sha256: string | undefined;
}

/** Sizes of the pax and GNU headers before a member's own header; renaming or relinking the member changes them. */
export interface ExtendedHeaders {
  /** Bytes of data in the last pax header; undefined where there is none. */
  readonly pax: number | undefined;
  /** Bytes of its records that state neither name nor link target. */
  readonly others: number;
  /** True when a pax header states the name. */
  readonly inPax: boolean;
  /** Bytes of the GNU headers that state it, header blocks included. */
  readonly gnu: number;
}

export type Compression = "none" | "gzip" | "zstd";
