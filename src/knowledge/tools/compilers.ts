/** Compilers. */
import type { Tool } from "../tool.ts";

export const compilers: Tool = {
  id: "compilers",
  names: ["gcc", "g++", "cc", "c++", "clang", "rustc", "javac"],
  source: "gcc(1), clang(1), rustc(1), javac(1)",
  known: "all",
  building: { how: "certain" },
};
