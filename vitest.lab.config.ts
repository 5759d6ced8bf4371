import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/lab/**/*.lab.ts"],
    globalSetup: ["test/lab/global-setup.ts"],
    // one image after the other: the builders share a store, and two of them at once would only fight for the disk
    fileParallelism: false,
    testTimeout: 20 * 60_000,
    hookTimeout: 30 * 60_000,
  },
});
