/**
 * One member of a layer.
 *
 * Every path, link target and xattr value taken from a layer is a *byte string*: a JavaScript string with one char
 * (0..255) per byte, because names in a tar are bytes and not always UTF-8 (docs/spec/layers.md, "Notation"). Comparing two of
 * them with `<` compares bytes. Only the report turns them into readable text.
 */

/** One char per byte. Cleaned: no leading `./` or `/`, no trailing `/`, no `..`. The root is the empty string. */
export type BytePath = string;

/** `sha256:<64 hex>`; other algorithms are carried, not verified. */
export type Digest = string;

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
  readonly link: string;
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
