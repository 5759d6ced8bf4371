import { WARNING_FLOOR } from "../../src/analysis/dead-files.ts";
import { layerOf } from "../../src/analysis/layer-evidence.ts";
import {
  takenFiles,
  unwantedAmong,
  wholeFolders,
  type UnwantedGroup,
} from "../../src/analysis/unwanted-files.ts";
import { defined } from "../../src/defined.ts";
import { formatList } from "../../src/format.ts";
import {
  count,
  defineRule,
  formatBytes,
  type Finding,
  type Fix,
  type Inode,
  type Step,
  type BuildSubject,
} from "../../src/rule/contract.ts";

/** How many of the groups a message names. */
const SHOWN = 3;

export const contextWithoutDockerignore = defineRule({
  id: "context-without-dockerignore",
  aliases: [],
  category: "size",
  severity: "warning",
  reads: "build",
  docs: {
    summary: "A COPY of a whole folder adds files that no image needs, and no .dockerignore excludes them",
    what: `A COPY or ADD of \`.\` or of another folder, in a stage that ends up in the image, adds files that hardly any image needs: version control data, installed dependencies that the Dockerfile installs anew, caches and output of build tools, \`.env\` files and keys, files of editors. Files that another COPY or a bind mount names explicitly are not reported, nor is version control data that a command of the Dockerfile uses.

The files are those actually in the build context, after its .dockerignore. With an image whose history matches, they are those of the layer, with their bytes. Less than 100 kB, without secrets and version control data, is \`info\`.`,
    why: "Such files make the image larger, expose secrets to everybody who pulls it, and slow down sending the context. Each change to one of them invalidates the build cache from there on.",
    bad: [
      {
        title: "The whole project is copied, with its history and its installed dependencies",
        dockerfile: "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\n",
        context: {
          "package.json": 300,
          "src/main.js": 2000,
          ".git/HEAD": 23,
          ".git/objects/pack/a.pack": 9_000_000,
          "node_modules/left-pad/index.js": 500_000,
        },
      },
    ],
    good: [
      {
        title: "Only the needed files are named",
        dockerfile: "FROM node:22\nWORKDIR /app\nCOPY package.json ./\nRUN npm ci\nCOPY src ./src\n",
        context: {
          "package.json": 300,
          "src/main.js": 2000,
          ".git/HEAD": 23,
          "node_modules/left-pad/index.js": 500_000,
        },
      },
    ],
    fix: "If there is no .dockerignore, proposes one with a line for each kind of unwanted file found. Always unsafe: only you know what the build needs. For an existing .dockerignore, the advice names the lines to add.",
  },
  *check(subject) {
    const { dockerfile } = subject;
    for (const step of dockerfile.steps) {
      const folders = wholeFolders(step, subject);
      if (folders.length === 0) continue;
      const layer = layerOf(subject, step.instruction);
      const { files, complete } = takenFiles(step, folders, subject, layer);
      const groups = unwantedAmong(files, folders, dockerfile);
      if (groups.length > 0) yield toFinding(subject, step, groups, { complete, layer });
    }
  },
});

function toFinding(
  subject: BuildSubject,
  { instruction }: Step,
  groups: readonly UnwantedGroup[],
  { complete, layer }: { readonly complete: boolean; readonly layer: number | undefined },
): Finding {
  const { context } = subject;
  const bytes = groups.reduce((sum, group) => sum + group.bytes, 0);
  const files = groups.reduce((sum, group) => sum + group.files.length, 0);
  const names = groups
    .slice(0, SHOWN)
    .map(({ pattern, bytes: own }) => `${pattern} with ${formatBytes(own)}`);
  if (groups.length > SHOWN) names.push(`${groups.length - SHOWN} more`);
  const ignoreFile = context?.ignoreFile;
  const missing =
    ignoreFile === undefined ? "no .dockerignore excludes them" : `${ignoreFile} does not exclude them`;
  const isSerious =
    bytes >= WARNING_FLOOR ||
    groups.some(({ unwanted }) => unwanted.kind === "secret" || unwanted.kind === "vcs");
  const inodes = groups.flatMap((group) =>
    group.files.flatMap(({ entry }): Inode[] =>
      entry === undefined || layer === undefined ? [] : [{ layer, entry }],
    ),
  );
  const lines = groups.map(({ pattern }) => pattern);
  return {
    message: `line ${instruction.line} copies ${complete ? "" : "at least "}${formatBytes(bytes)} in ${count(files, "file")} that hardly any image needs (${formatList(names)}), and ${missing}`,
    advice: `Exclude them with these lines in ${ignoreFile ?? ".dockerignore"}: ${lines.join(", ")}. Or name what the image needs in the ${instruction.keyword}.`,
    ...(layer === undefined ? undefined : { bytes, inodes }),
    evidence: layer === undefined ? "dockerfile" : "both",
    ...(isSerious ? {} : { severity: "info" }),
    locations: [
      { instruction },
      ...(layer === undefined ? [] : [{ layer, path: groups[0]?.files[0]?.entry?.path }]),
    ],
    ...(context === undefined || ignoreFile !== undefined
      ? {}
      : { fixes: [proposal(lines, layer === undefined ? undefined : bytes)] }),
  };
}

function proposal(lines: readonly string[], bytes: number | undefined): Fix {
  const name = ".dockerignore";
  return {
    description: `create ${name} with ${formatList(lines)}`,
    safety: "unsafe",
    condition: "only you know whether the build needs one of these",
    creates: { name, text: `${lines.join("\n")}\n` },
    ...defined({ bytes }),
  };
}
