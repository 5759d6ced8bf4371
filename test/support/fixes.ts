export * from "../../src/testing/fixes.ts";
