/** The version of layerlint. */

declare const __LAYERLINT_VERSION__: string | undefined;

/** The version. scripts/bundle.mjs sets it in the bundle and in the compiled library; sources have none. */
export const version = typeof __LAYERLINT_VERSION__ === "string" ? __LAYERLINT_VERSION__ : "0.0.0-source";
