/** Reads images that options such as `--base` name. */
import { defined } from "../../defined.ts";
import { UserError } from "../../errors.ts";
import type { ImageConfig } from "../../image/image.ts";
import type { OriginOptions } from "../../origin/origin-facts.ts";

/** Reads `--base`: a number of layers, or an image. */
export async function baseOf(
  base: string | number | undefined,
  signal: AbortSignal | undefined,
): Promise<OriginOptions> {
  if (base === undefined) return {};
  const text = String(base);
  if (text.trim() === "") throw new UserError("--base: write a number of layers or name the FROM image");
  if (/^\d+$/.test(text)) return { base: Number(text) };
  return { bases: await configsOfOther("--base", text, signal) };
}

/**
 * Returns the configuration of an image that an option names: one for each image in its archive, of any tag and
 * platform. Layers are not read.
 */
export async function configsOfOther(
  option: "--base" | "--with",
  name: string,
  signal: AbortSignal | undefined,
): Promise<readonly ImageConfig[]> {
  if (name.trim() === "") throw new UserError(`${option}: name the image file`);
  if (name === "-")
    throw new UserError(`${option} -: only the image itself can come from standard input; name a file`);
  const { configsOf } = await import("../../image/open.ts");
  return configsOf(name, defined({ signal }));
}
