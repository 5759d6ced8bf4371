declare const __LAYERLINT_VERSION__: string | undefined;

/** Set while bundling; the library compiled by tsc and the tests run without a bundle. */
export const version = typeof __LAYERLINT_VERSION__ === "string" ? __LAYERLINT_VERSION__ : "0.0.0-source";
