"use strict";
// Preloaded while bundling: at the end of the run it writes down the code that V8 has made of each file of the bundle.
const { writeFileSync } = require("node:fs");
const v8 = require("node:v8");
const vm = require("node:vm");

// V8 takes code only under the flags that it was made under, and at the start of a run none has been changed
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
