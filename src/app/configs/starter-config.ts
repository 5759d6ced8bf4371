/** Writes a commented starter configuration. */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../errors.ts";
import { errorCode } from "../../records.ts";
import { configNames } from "./config-files.ts";

const schema = "node_modules/layerlint/schema/config.schema.json";

/** Writes the configuration into a folder and returns its name. Throws `UserError` when the folder has one. */
export function writeStarterConfig(folder: string): string {
  const [name] = configNames;
  const other = configNames.find((each) => existsSync(join(folder, each)));
  if (other !== undefined) throw new UserError(`${other}: exists already; it was not changed`);
  const head = existsSync(join(folder, schema)) ? `# yaml-language-server: $schema=${schema}\n` : "";
  try {
    writeFileSync(join(folder, name), head + template, { flag: "wx" });
  } catch (error) {
    throw new UserError(`${name}: cannot be written (${errorCode(error)})`);
  }
  return name;
}

/** The starter configuration. Every line after one `# ` is valid; a test uncomments them. */
export const template = `# Configuration of layerlint for this folder and everything below it. Options on the command line win.
# A glob without a slash matches a name at any depth, one with a slash a path relative to this folder. A folder covers everything in it.

## default: what matters on a first run. strict: all rules.
# preset: strict

## error, warning, info or off, by rule id or the id of another linter; "layerlint rules" lists the rules.
# rules:
#   squashable-layers: off
#   DL3009: error
#   identical-rewrite:
#     severity: warning
#     warn-from: 10MB

## What makes a run fail: error, warning (the default), info or never.
# fail-on: error

## Fail if editing the Dockerfile could save more: a size, or a share of the content above the base.
# max-waste: 5%
# min-waste: 1MB

## What builds the Dockerfiles: docker-classic, buildkit, buildah (also for Podman) or kaniko. More fixes are safe when it is known.
# builder: buildkit

## Dockerfiles to skip.
# ignore:
#   - vendor
#   - test/fixtures

## Other settings for some files; later ones win.
# overrides:
#   - files: ["*.dev.Dockerfile", docker/ci]
#     fail-on: error
#     rules:
#       leftover-cache: off

## Known and intended findings in images. Unmatched entries are reported; after its last day an entry no longer counts.
# accept:
#   - rule: deleted-later
#     path: opt/models/**
#     reason: the model is fetched again when the container starts
#     until: "2030-12-31"
`;
