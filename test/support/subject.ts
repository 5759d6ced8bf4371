export * from "../../src/testing/subject.ts";
