"use strict";
// Preloaded while bundling: at the end of the run it writes the V8 code cache of each file of the bundle.
const { writeFileSync } = require("node:fs");
const v8 = require("node:v8");
const vm = require("node:vm");

// V8 accepts a code cache only with the flags it was made with, and no flag is changed at the start of a run
v8.setFlagsFromString = () => {};

const scripts = new Map();
vm.Script = class extends vm.Script {
  constructor(source, options) {
    super(source, options);
    scripts.set(options.filename, this);
  }
};
process.on("exit", () => {
  for (const [filename, script] of scripts) writeFileSync(`${filename}.code`, script.createCachedData());
});
