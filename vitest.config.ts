import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/lab/**", "test/**/*.deep.test.ts", "node_modules/**"],
    isolate: false,
    maxWorkers: 2,
    // a test that never ends fails; one that is slow on a busy machine does not
    testTimeout: 120_000,
  },
});
