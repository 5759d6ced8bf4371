export * from "../../src/testing/subject-sketch.ts";
