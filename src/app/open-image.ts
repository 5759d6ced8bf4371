/** Opens an image for a program that uses the library. */
import { defined } from "../defined.ts";
import type { Image } from "../image/image.ts";
import { openImage as open } from "../image/open.ts";
import type { ImageOptions, RunOptions } from "./options.ts";

export interface OpenImageOptions extends ImageOptions, RunOptions {
  /** Checks the digest of every blob and every layer's diff ID. */
  readonly verify?: boolean | undefined;
}

/** An image whose files are open until `close` is called, or `await using` ends. */
export type OpenImage = Image & AsyncDisposable;

/**
 * Opens an image archive, an OCI layout or a `dir:` folder; the type is detected from the content. Reads the headers
 * of all layers; contents are read on demand. Throws `UserError` with a one-line message for input that is damaged,
 * hostile or no image.
 */
export async function openImage(
  name: string,
  { platform, tag, allowHuge, verify, signal, onProgress, stdin }: OpenImageOptions = {},
): Promise<OpenImage> {
  const image = await open(name, {
    ...defined({ platform, tag, signal, onProgress }),
    ...(name === "-" && stdin !== undefined ? { stdin } : {}),
    allowHuge: allowHuge === true,
    verify: verify === true,
  });
  return { ...image, [Symbol.asyncDispose]: () => image.close() };
}
