declare const __LAYERLINT_VERSION__: string | undefined;

/** Set by scripts/bundle.mjs, in the bundle and in what tsc made; the sources have none. */
export const version = typeof __LAYERLINT_VERSION__ === "string" ? __LAYERLINT_VERSION__ : "0.0.0-source";
