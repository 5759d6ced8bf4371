/**
 * Warnings on Dockerfiles of public packages, which noise.json and noise-second.json list by package, version and path.
 * Their text is fetched at run time. Each warning was judged by hand: `noise` are those that nobody would act on, `wrong`
 * those that are untrue. `firstCount` are the figures of the second sample before any repair that it led to, and
 * `wrongAtFirst` what was untrue then. The second sample takes every Dockerfile of its packages but inputs of tests of
 * parsers and linters (`testdata`, `testfiles`), templates, and one near copy of another file; the parser inputs and the
 * copy were left out after a first look at the output, before the judging was counted.
 */
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Report } from "../../src/lint/report.ts";
import { command, lab, run } from "./lab.ts";

interface Package {
  readonly registry: string;
  readonly name: string;
  readonly version: string;
  readonly files: readonly string[];
}

interface Judged {
  readonly name: string;
  readonly path: string;
  readonly line: number;
  readonly rule: string;
}

interface Sample {
  readonly packages: readonly Package[];
  readonly noise: readonly Judged[];
  readonly wrong: readonly Judged[];
}

/** Reads a sample; the lists lie beside this file. */
function readSample(list: string): Sample {
  return JSON.parse(readFileSync(join(import.meta.dirname, list), "utf8")) as Sample;
}

/** The folder of a package, fetched with the client of its registry. */
function fetched({ registry, name, version }: Package): string {
  if (registry === "go")
    return (JSON.parse(run("go", "mod", "download", "-json", `${name}@${version}`)) as { Dir: string }).Dir;
  const folder = join(lab, "noise", `${name}-${version}`.replaceAll("/", "-"));
  mkdirSync(folder, { recursive: true });
  const isFetched = () => readdirSync(folder).find((file) => /\.t(?:ar\.)?gz$/.test(file));
  if (isFetched() === undefined) {
    if (registry === "npm")
      run("npm", "pack", "--silent", "--pack-destination", folder, `${name}@${version}`);
    else
      run("pip", "download", "-q", "--no-deps", "--no-binary", ":all:", "-d", folder, `${name}==${version}`);
  }
  const archive = isFetched();
  if (archive === undefined) throw new Error(`${name}@${version} has no archive`);
  run("tar", "-xzf", join(folder, archive), "-C", folder, "--strip-components=1");
  return folder;
}

const LISTS = ["noise.json", "noise-second.json"];

test.each(LISTS)(
  "of the warnings on the public Dockerfiles of %s at most one in ten is noise, none wrong",
  (list) => {
    const { packages, noise, wrong } = readSample(list);
    const found: Judged[] = [];
    let files = 0;
    for (const one of packages) {
      const folder = fetched(one);
      files += one.files.length;
      // as its author would: in the project, whose other folders a Dockerfile may be built from
      const options = ["lint", "--no-config", "--no-fail", "--format", "json"];
      const json = run("env", "-C", folder, process.execPath, command, ...options, ...one.files);
      const report = JSON.parse(json) as Report;
      for (const { rule, severity, locations } of report.findings) {
        const path = one.files[locations[0]?.target ?? -1];
        if (severity !== "info" && path !== undefined)
          found.push({ name: one.name, path, line: locations[0]?.line ?? 0, rule });
      }
    }
    const keyOf = ({ name, path, line, rule }: Judged) => `${name} ${path}:${line} ${rule}`;
    const all = new Set(found.map(keyOf));
    const left = (judged: readonly Judged[]) => judged.map(keyOf).filter((key) => all.has(key));
    console.log(
      `${files} files, ${found.length} warnings, ${left(noise).length} noise, ${left(wrong).length} wrong`,
    );
    expect(files).toBeGreaterThanOrEqual(100);
    expect(left(wrong)).toEqual([]);
    expect(left(noise).length).toBeLessThanOrEqual(found.length / 10);
  },
);

test("no package is in both samples", () => {
  const names = LISTS.flatMap((list) => readSample(list).packages.map(({ name }) => name));
  expect(names).toEqual([...new Set(names)]);
});
