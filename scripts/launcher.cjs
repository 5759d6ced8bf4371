#!/usr/bin/env node
"use strict";
// Starts main.js, the bundle of src/cli/bin.ts, or the file of a worker thread. Each file has a V8 code cache beside
// it, made by the build. Another version of Node.js rejects the cache and compiles the file, which only takes longer.
const { readFileSync } = require("node:fs");
const path = require("node:path");
const { Script } = require("node:vm");
const { workerData } = require("node:worker_threads");

const entry = workerData?.entry ?? "./main.js";
/** What every start of the command needs stands in one file, main.js: a function for each of the files it was. */
const packed = entry === "./main.js" ? run("./main.js") : {};
const loaded = new Map();

load(entry);

function load(name) {
  const known = loaded.get(name);
  if (known !== undefined) return known.exports;
  const module = { exports: {} };
  loaded.set(name, module);
  const define = packed[name] ?? run(name);
  define(module.exports, requireFrom, module, path.join(__dirname, name), __dirname);
  module.exports = asValues(module.exports);
  return module.exports;
}

/**
 * The exports of a loaded file as plain values. Its getters, two for each access, take a twentieth of the time of a run.
 * What is undefined yet, or not in an object of getters, stays as it is.
 */
function asValues(exports) {
  const values = {};
  for (const [key, property] of Object.entries(Object.getOwnPropertyDescriptors(exports))) {
    const value = property.get?.call(exports);
    const { enumerable } = property;
    Object.defineProperty(values, key, value === undefined ? property : { value, enumerable });
  }
  return values;
}

/** What the text of a file evaluates to. */
function run(name) {
  const filename = path.join(__dirname, name);
  return new Script(readFileSync(filename, "utf8"), {
    filename,
    cachedData: codeOf(filename),
  }).runInThisContext();
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
