#!/usr/bin/env node
"use strict";
// Starts main.js, the bundle of src/cli/bin.ts, or the file of a worker thread. Each file has a V8 code cache beside
// it, made by the build. Another version of Node.js rejects the cache and compiles the file, which only takes longer.
const { readFileSync } = require("node:fs");
const path = require("node:path");
const { Script } = require("node:vm");
const { workerData } = require("node:worker_threads");

const loaded = new Map();

function load(name) {
  const known = loaded.get(name);
  if (known !== undefined) return known.exports;
  const module = { exports: {} };
  loaded.set(name, module);
  const filename = path.join(__dirname, name);
  const script = new Script(readFileSync(filename, "utf8"), { filename, cachedData: codeOf(filename) });
  script.runInThisContext()(module.exports, requireFrom, module, filename, __dirname);
  return module.exports;
}

function codeOf(filename) {
  try {
    return readFileSync(`${filename}.code`);
  } catch {
    return undefined;
  }
}

function requireFrom(name) {
  return name.startsWith("./") ? load(name) : require(name);
}

load(workerData?.entry ?? "./main.js");
