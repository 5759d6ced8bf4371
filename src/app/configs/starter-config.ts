/** A configuration to start from, which explains itself. */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../errors.ts";
import { configNames } from "./config-files.ts";

const schema = "node_modules/layerlint/schema/config.schema.json";

/** Writes it into a folder that has none, and returns its name. */
export function writeStarterConfig(folder: string): string {
  const [name] = configNames;
  const other = configNames.find((each) => existsSync(join(folder, each)));
  if (other !== undefined) throw new UserError(`${other}: there is one already; it stays as it is`);
  const head = existsSync(join(folder, schema)) ? `# yaml-language-server: $schema=${schema}\n` : "";
  try {
    writeFileSync(join(folder, name), head + template, { flag: "wx" });
  } catch (error) {
    throw new UserError(`${name}: cannot be written (${(error as NodeJS.ErrnoException).code})`);
  }
  return name;
}

/** Every line behind one `# ` can be used as it stands; a test does. */
export const template = `# Configuration of layerlint for this folder and all below it. The command line wins over it.
# The globs of files: without a slash a name at any depth, with one a path from here on; a folder stands for all in it.

## default: what matters on a first run. strict: all rules.
# preset: strict

## error, warning, info or off, by a rule's id or another linter's id for it; "layerlint rules" lists them.
# rules:
#   squashable-layers: off
#   DL3009: error
#   identical-rewrite:
#     severity: warning
#     warn-from: 10MB

## What makes a run fail: error, warning (the default), info or never.
# fail-on: error

## How much of an image editing the Dockerfile could save: a size, or a share of what lies above the base.
# max-waste: 5%
# min-waste: 1MB

## Dockerfiles that are left alone.
# ignore:
#   - vendor
#   - test/fixtures

## Other settings for some files; later ones win.
# overrides:
#   - files: ["*.dev.Dockerfile", docker/ci]
#     fail-on: error
#     rules:
#       leftover-cache: off

## What is known and wanted in images. An entry that meets nothing is reported; one whose day has passed counts no more.
# accept:
#   - rule: deleted-later
#     path: opt/models/**
#     reason: the model is fetched again when the container starts
#     until: "2030-12-31"
`;
