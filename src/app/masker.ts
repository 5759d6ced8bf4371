/**
 * Hides secrets in everything that a run prints. A run has one masker. It learns the values that the run finds, and every
 * report passes `data` before it is formatted: wrapping and cutting would break a value into pieces that nothing
 * recognizes. Formatters accept `Masked` data only, so that no output can forget it; `main` masks standard error.
 */
import { KnownSecrets, type KnownSecret } from "../knowledge/secrets/known.ts";
import { isHidden, nameKind, type NameKind } from "../knowledge/secrets/names.ts";
import { maskValue } from "../knowledge/secrets/secrets.ts";

declare const isMasked: unique symbol;

/** Data whose texts have passed a masker. */
export type Masked<T> = T & { readonly [isMasked]: true };

export class Masker {
  readonly #known = new KnownSecrets();
  /** Many findings share advice and paths. */
  readonly #cache = new Map<string, string>();
  readonly #kinds = new Map<string, NameKind | "none">();

  /** Adds values that no later text may repeat. */
  learn(secrets: readonly KnownSecret[]): void {
    if (secrets.length === 0) return;
    this.#known.add(secrets);
    this.#cache.clear();
  }

  readonly text = (text: string): string => {
    let masked = this.#cache.get(text);
    if (masked === undefined) this.#cache.set(text, (masked = this.#known.mask(text)));
    return masked;
  };

  /** Masks every text of a report. Undefined properties are dropped, as in JSON. */
  data<T extends object>(value: T): Masked<T> {
    return this.#value(value, "") as Masked<T>;
  }

  #value(value: unknown, name: string): unknown {
    if (typeof value === "string") return this.#string(value, name);
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) return value.map((item) => this.#value(item, ""));
    if (value instanceof Map)
      return new Map([...value].map(([key, item]) => [key, this.#value(item, "")] as const));
    const masked: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(value))
      if (item !== undefined) setOwn(masked, this.text(key), this.#value(item, key));
    return masked;
  }

  #string(text: string, name: string): string {
    if (isDigest.test(text)) return text;
    if (name === "pathBase64") return encoded(text, this.text);
    let kind = this.#kinds.get(name);
    if (kind === undefined) this.#kinds.set(name, (kind = nameKind(name) ?? "none"));
    return kind !== "none" && isHidden(text, name, kind) ? maskValue(text) : this.text(text);
  }
}

/** `__proto__` in a text of an image is a name like any other. */
function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === "__proto__")
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}

/** Digests identify blobs, and hold no secret. */
const isDigest = /^sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$/;

/** A path that is not UTF-8, byte by byte. */
function encoded(base64: string, mask: (text: string) => string): string {
  const bytes = atob(base64);
  const masked = mask(bytes);
  return masked === bytes ? base64 : btoa(masked.replaceAll("…", "?"));
}
