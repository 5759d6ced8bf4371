/** Pax extended headers: `LENGTH KEY=VALUE\n` records, where LENGTH counts bytes and VALUE may hold anything. */

/**
 * Parses pax records; undefined when they are malformed. Keys and values are byte strings; an empty value deletes a
 * key.
 */
export function parsePax(data: Buffer): Map<string, string> | undefined {
  const records = new Map<string, string>();
  let at = 0;
  while (at < data.length) {
    // some writers pad the data with NULs
    if (data[at] === 0) break;
    const blank = data.indexOf(0x20, at);
    if (blank < 0 || blank - at > 10) return undefined;
    const length = Number(data.toString("latin1", at, blank));
    const end = at + length;
    if (!Number.isInteger(length) || length < blank - at + 3 || end > data.length || data[end - 1] !== 0x0a)
      return undefined;
    const equals = data.indexOf(0x3d, blank + 1);
    if (equals < 0 || equals >= end) return undefined;
    const key = data.toString("latin1", blank + 1, equals);
    const value = data.toString("latin1", equals + 1, end - 1);
    // sparse files of pax 0.0 have a pair of records for each piece; for all other keys the last record wins
    const before =
      key === "GNU.sparse.offset" || key === "GNU.sparse.numbytes" ? records.get(key) : undefined;
    records.set(key, before === undefined ? value : `${before},${value}`);
    at = end;
  }
  return records;
}

/** Yields the records of well-formed pax data, unchanged. */
export function* recordsOf(data: Buffer): Generator<{ readonly key: string; readonly raw: Buffer }> {
  for (let at = 0; at < data.length && data[at] !== 0;) {
    const blank = data.indexOf(0x20, at);
    const end = at + Number(data.toString("latin1", at, blank));
    yield {
      key: data.toString("latin1", blank + 1, data.indexOf(0x3d, blank + 1)),
      raw: data.subarray(at, end),
    };
    at = end;
  }
}

/** Returns the length of a record in bytes. */
export function paxRecordLength(key: string, value: string): number {
  const length = key.length + value.length + 3;
  const digits = String(length).length;
  return length + digits + (String(length + digits).length > digits ? 1 : 0);
}

/** Returns the extended attributes among pax records, by name; undefined when there are none. */
export function paxXattrs(records: ReadonlyMap<string, string>): ReadonlyMap<string, string> | undefined {
  let xattrs: Map<string, string> | undefined;
  const set = (name: string, value: string) => (xattrs ??= new Map()).set(name, value);
  for (const [key, value] of records) {
    if (key.startsWith("SCHILY.xattr.")) set(key.slice(13), value);
    else if (key.startsWith("LIBARCHIVE.xattr.")) {
      const name = decodePercent(key.slice(17));
      // bsdtar writes both forms; the raw one is exact
      if (!records.has(`SCHILY.xattr.${name}`)) set(name, Buffer.from(value, "base64").toString("latin1"));
    } else if (key.startsWith("SCHILY.acl.") || key === "RHT.security.selinux") set(key, value);
  }
  return xattrs;
}

function decodePercent(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

/** Parses a time such as `1600000000.25` into whole seconds (rounded down) and nanoseconds. */
export function paxTime(text: string): { seconds: number; nanos: number } | undefined {
  const match = /^(-?)(\d+)(?:\.(\d*))?$/.exec(text);
  if (match === null) return undefined;
  const whole = Number(match[2]);
  const nanos = Number((match[3] ?? "").slice(0, 9).padEnd(9, "0"));
  if (match[1] !== "-") return { seconds: whole, nanos };
  return nanos === 0
    ? { seconds: whole === 0 ? 0 : -whole, nanos: 0 }
    : { seconds: -whole - 1, nanos: 1e9 - nanos };
}

/** Returns the map of a sparse file in the form of pax 0.1, `offset,length,…`; undefined when the records have none. */
export function paxSparseMap(records: ReadonlyMap<string, string>): string | undefined {
  const offsets = records.get("GNU.sparse.offset")?.split(",");
  const lengths = records.get("GNU.sparse.numbytes")?.split(",") ?? [];
  if (offsets !== undefined) return offsets.map((offset, i) => `${offset},${lengths[i]}`).join();
  return records.get("GNU.sparse.map");
}
