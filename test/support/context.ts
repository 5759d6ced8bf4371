export * from "../../src/testing/context-sketch.ts";
