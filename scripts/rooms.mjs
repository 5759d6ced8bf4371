// The rooms, and what each may import. `scripts/borders.mjs` makes the linter's rules from this table; a test proves
// that every other import is refused. A room is listed after all rooms that it uses, so that no two use each other.

/**
 * `uses`: other rooms, as a whole or by the files named. `packages`: those that have their home here. `node`: modules of
 * Node.js: `none`, `no-files` (no disk, no network, no other processes) or `all`. `globals`: globals that stay out.
 *
 * @type {Readonly<Record<string, {
 *   readonly path: string,
 *   readonly uses: Readonly<Record<string, "all" | readonly string[]>>,
 *   readonly packages?: readonly string[],
 *   readonly node: "none" | "no-files" | "all",
 *   readonly process?: true,
 *   readonly why: string,
 * }>>}
 */
export const rooms = {
  dockerfile: {
    path: "src/dockerfile",
    uses: {},
    packages: ["dockerfile-ast"],
    node: "no-files",
    why: "src/dockerfile knows text only",
  },
  shell: {
    path: "src/shell",
    uses: { dockerfile: "all" },
    packages: ["unbash"],
    node: "none",
    why: "src/shell knows text only",
  },
  context: {
    path: "src/context",
    uses: {},
    node: "no-files",
    why: "src/context knows no other room, and reads the disk in folder.ts only",
  },
  image: {
    path: "src/image",
    uses: {},
    packages: ["tar-stream", "zstddec"],
    node: "all",
    process: true,
    why: "src/image knows no other room",
  },
  build: {
    path: "src/build",
    uses: { dockerfile: "all", shell: "all", context: ["context.ts"] },
    node: "none",
    why: "src/build makes steps of a Dockerfile's text",
  },
  rootfs: {
    path: "src/rootfs",
    uses: { image: ["image.ts", "entry.ts"] },
    node: "none",
    why: "src/rootfs is pure: entries in, dead files out",
  },
  origin: {
    path: "src/origin",
    uses: { dockerfile: "all", build: "all", image: ["image.ts", "entry.ts"] },
    node: "none",
    why: "src/origin is pure: an image's facts and a Dockerfile in, links out",
  },
  knowledge: {
    path: "src/knowledge",
    uses: { shell: ["script.ts", "option-reader.ts"], image: ["image.ts", "entry.ts"] },
    node: "none",
    why: "src/knowledge holds facts as data",
  },
  analysis: {
    path: "src/analysis",
    uses: {
      dockerfile: ["dockerfile.ts"],
      shell: ["script.ts", "option-reader.ts", "shells.ts"],
      context: ["context.ts"],
      image: ["image.ts", "entry.ts"],
      build: "all",
      rootfs: ["rootfs.ts"],
      origin: "all",
      knowledge: "all",
    },
    node: "none",
    why: "src/analysis says what commands and layers do; it makes no edit and no finding",
  },
  edits: {
    path: "src/edits",
    uses: {
      dockerfile: ["dockerfile.ts"],
      shell: ["script.ts", "option-reader.ts", "shells.ts"],
      image: ["image.ts", "entry.ts"],
      build: "all",
      rootfs: ["rootfs.ts"],
      knowledge: "all",
      analysis: "all",
    },
    node: "none",
    why: "src/edits makes changes of a Dockerfile; it makes no finding",
  },
  rule: {
    path: "src/rule",
    uses: {
      dockerfile: ["dockerfile.ts"],
      shell: ["script.ts"],
      context: ["context.ts"],
      image: ["image.ts", "entry.ts"],
      build: "all",
      rootfs: ["rootfs.ts"],
      origin: "all",
      knowledge: "all",
      analysis: "all",
      edits: "all",
    },
    node: "none",
    why: "src/rule is the rule contract and the builders of rules",
  },
  rules: {
    path: "rules",
    uses: { build: "all", knowledge: "all", analysis: "all", edits: "all", rule: "all" },
    node: "none",
    why: "a rule sees src/rule, src/edits, src/analysis, src/knowledge and src/build only",
  },
  lint: {
    path: "src/lint",
    uses: {
      dockerfile: "all",
      context: ["context.ts"],
      image: ["image.ts", "entry.ts"],
      build: "all",
      rootfs: "all",
      origin: "all",
      analysis: "all",
      edits: "all",
      rule: "all",
    },
    packages: ["yaml", "picomatch"],
    node: "no-files",
    why: "src/lint is given its rules, and knows no output",
  },
  testing: {
    path: "src/testing",
    uses: {
      dockerfile: "all",
      context: "all",
      image: ["image.ts", "entry.ts", "digest.ts"],
      build: "all",
      rule: "all",
      rules: ["index.ts"],
      lint: "all",
    },
    node: "no-files",
    why: "src/testing runs rules over sketches; it knows no output and no test runner",
  },
  optimize: {
    path: "src/optimize",
    uses: { image: "all", rootfs: "all" },
    node: "no-files",
    why: "src/optimize plans and proves; files are read and written by src/image",
  },
  app: {
    path: "src/app",
    uses: {
      dockerfile: "all",
      context: "all",
      image: "all",
      build: "all",
      rootfs: "all",
      origin: "all",
      knowledge: "all",
      analysis: "all",
      edits: "all",
      rule: "all",
      rules: ["index.ts"],
      lint: "all",
      optimize: "all",
    },
    packages: ["diff", "ignore"],
    node: "all",
    why: "src/app holds the use cases: options in, data out; it prints nothing",
  },
  report: {
    path: "src/report",
    uses: {
      image: ["image.ts", "entry.ts"],
      origin: ["short-created-by.ts"],
      rule: ["contract.ts"],
      lint: ["report.ts"],
      app: "all",
    },
    packages: ["chalk"],
    node: "no-files",
    why: "a report prints what it is given",
  },
  cli: {
    path: "src/cli",
    uses: { app: "all", report: "all" },
    packages: ["yargs"],
    node: "all",
    process: true,
    why: "src/cli reads arguments and prints; what a command does is a use case of src/app",
  },
};

/** Parts of rooms with stricter borders. */
export const corners = [
  {
    files: "src/context/folder.ts",
    room: "context",
    node: "all",
    why: "src/context reads the disk in folder.ts only",
  },
  {
    files: "src/optimize/proof/**/*.ts",
    room: "optimize",
    refuses: ["**/plan/**", "**/rootfs/**"],
    node: "no-files",
    why: "the proof shares no code with what it proves",
  },
];
