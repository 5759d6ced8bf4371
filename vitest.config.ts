import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/lab/**", "test/**/*.deep.test.ts", "node_modules/**"],
    isolate: false,
    maxWorkers: 2,
    testTimeout: 20_000,
  },
});
