/** Masks the values of secrets in every text of a report. */
const verbatim = new Set(["pathBase64", "digest", "diffId"]);

/**
 * Applies `mask` to every text of a report, so that no output repeats the value of a secret. Undefined properties are
 * dropped, as in JSON.
 */
export function maskValues<T extends object>(report: T, mask: (text: string) => string): T {
  // many findings share advice and paths
  const masked = new Map<string, string>();
  const once = (text: string) => {
    let result = masked.get(text);
    if (result === undefined) masked.set(text, (result = mask(text)));
    return result;
  };
  return maskValue(report, once) as T;
}

function maskValue(value: unknown, mask: (text: string) => string): unknown {
  if (typeof value === "string") return mask(value);
  if (Array.isArray(value)) return value.map((item) => maskValue(item, mask));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) =>
      item === undefined ? [] : [[key, verbatim.has(key) ? item : maskValue(item, mask)]],
    ),
  );
}
