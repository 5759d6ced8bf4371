// Makes a release of the checkout: `npm run release -- patch|minor|major|X.Y.Z [--dry-run]`. Writes the version into
// package.json, package-lock.json and the pages that show it, dates the changelog's "Unreleased", commits, and tags.
// Nothing is pushed or published. Works in the current folder, which is the repository's root under npm.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

/** The kinds of change that Keep a Changelog knows. */
const kinds = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"];

/** An error that must be fixed before the release. */
class Refusal extends Error {}

try {
  release();
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  console.error(`no release: ${error.message}`);
  process.exitCode = 1;
}

function release() {
  const { wanted, isDryRun } = readArguments();
  if (git("status", "--porcelain") !== "")
    throw new Refusal("the working tree has changes: commit or stash them");
  const manifest = JSON.parse(readFileSync("package.json", "utf8"));
  const version = nextVersion(manifest.version, wanted);
  const tag = `v${version}`;
  if (git("tag", "--list", tag) !== "") throw new Refusal(`the tag ${tag} exists`);

  const changes = new Map([
    ["package.json", json({ ...manifest, version })],
    ["package-lock.json", json(lockWith(version))],
    ["CHANGELOG.md", datedChangelog(readFileSync("CHANGELOG.md", "utf8"), version)],
    ...pagesWith(version),
  ]);
  if (isDryRun) {
    console.log(`would write ${[...changes.keys()].join(", ")}`);
    console.log(`would commit "Release ${version}" and tag ${tag}`);
    return;
  }
  for (const [file, text] of changes) writeFileSync(file, text);
  git("add", "--", ...changes.keys());
  git("commit", "--quiet", "--message", `Release ${version}`);
  git("tag", "--annotate", "--message", `layerlint ${version}`, tag);
  console.log(`committed and tagged ${tag}; what is left: git push --follow-tags, npm publish`);
}

function readArguments() {
  let parsed;
  try {
    parsed = parseArgs({ options: { "dry-run": { type: "boolean" } }, allowPositionals: true });
  } catch (error) {
    throw new Refusal(error.message);
  }
  const [wanted, ...rest] = parsed.positionals;
  if (wanted === undefined || rest.length > 0)
    throw new Refusal("name one version: npm run release -- patch|minor|major|X.Y.Z [--dry-run]");
  return { wanted, isDryRun: parsed.values["dry-run"] === true };
}

/**
 * Returns the next version. The current one is allowed, because the first release has the version that the repository
 * started with.
 */
function nextVersion(current, wanted) {
  const [major, minor, patch] = current.split(".").map(Number);
  if (wanted === "major") return `${major + 1}.0.0`;
  if (wanted === "minor") return `${major}.${minor + 1}.0`;
  if (wanted === "patch") return `${major}.${minor}.${patch + 1}`;
  const named = /^(\d+)\.(\d+)\.(\d+)$/.exec(wanted)?.slice(1).map(Number);
  if (named === undefined)
    throw new Refusal(`${wanted} is neither patch, minor, major nor a version such as 1.2.3`);
  const first = [named[0] - major, named[1] - minor, named[2] - patch].find((step) => step !== 0);
  if (first < 0) throw new Refusal(`${wanted} is older than ${current}`);
  return named.join(".");
}

function lockWith(version) {
  const lock = JSON.parse(readFileSync("package-lock.json", "utf8"));
  const packages = { ...lock.packages, "": { ...lock.packages[""], version } };
  return { ...lock, version, packages };
}

function json(value) {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** Renames the section "Unreleased" to the version, below a new empty one. */
function datedChangelog(text, version) {
  const sections = text.split(/^(?=## )/m).slice(1);
  const [unreleased] = sections;
  if (unreleased === undefined || !/^## Unreleased$/m.test(unreleased))
    throw new Refusal('CHANGELOG.md does not begin with a section "## Unreleased"');
  if (!/^- /m.test(unreleased)) throw new Refusal('CHANGELOG.md lists nothing in "Unreleased"');
  const unknown = [...unreleased.matchAll(/^### (.+)$/gm)]
    .map(([, kind]) => kind)
    .filter((kind) => !kinds.includes(kind));
  if (unknown.length > 0)
    throw new Refusal(
      `CHANGELOG.md has the heading "${unknown[0]}" in "Unreleased"; use ${kinds.join(", ")}`,
    );
  if (sections.some((section) => section.startsWith(`## ${version} `)))
    throw new Refusal(`CHANGELOG.md has a section for ${version} already`);
  const today = new Date().toISOString().slice(0, 10);
  return text.replace(/^## Unreleased$/m, `## Unreleased\n\n## ${version} - ${today}`);
}

/** Updates the pages that show a version: the `rev` of the hook, and `layerlint@X.Y.Z`. */
function pagesWith(version) {
  const changed = git("ls-files", "README.md", "docs")
    .split("\n")
    .filter((file) => file.endsWith(".md"))
    .map((file) => ({ file, text: readFileSync(file, "utf8") }));
  if (!changed.some(({ text }) => /\brev: v\d/.test(text)))
    throw new Refusal("no page shows the hook's `rev: vX.Y.Z`");
  return changed
    .map(({ file, text }) => ({
      file,
      text,
      now: text.replace(/(\brev: v|\blayerlint@)\d+\.\d+\.\d+\b/g, (_, before) => before + version),
    }))
    .filter(({ text, now }) => text !== now)
    .map(({ file, now }) => [file, now]);
}

function git(...args) {
  try {
    return execFileSync("git", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trimEnd();
  } catch (error) {
    throw new Refusal(`git ${args[0]} failed: ${error.stderr?.trim() || error.message}`);
  }
}
