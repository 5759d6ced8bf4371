import { defineConfig } from "vitest/config";

/** Real builders: one case after the other, each as long as it takes. */
export default defineConfig({
  test: {
    globalSetup: ["test/lab/take-lab.ts"],
    include: ["test/lab/**/*.test.ts"],
    fileParallelism: false,
    testTimeout: 900_000,
    hookTimeout: 1_800_000,
  },
});
