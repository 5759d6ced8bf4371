import { defineConfig } from "vitest/config";

/** Properties with ten times the cases, and seeds of the day. */
export default defineConfig({
  test: { include: ["test/**/*.deep.test.ts"], isolate: false, testTimeout: 600_000 },
});
