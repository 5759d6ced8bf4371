// Mutants that the compiler refuses, such as a dropped check for undefined: `npm run check` finds those without a test.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Mutant } from "./instrument.ts";
import type { Project } from "./project.ts";

export interface Compilation {
  project: Project;
  /** The folder of the project that is mutated. */
  root: string;
  /** The folder of the repository that this script is in, which has the compiler. */
  home: string;
  /** A folder for a copy of the project. */
  folder: string;
}

/**
 * Compiles every mutant as one more file beside the file that it changes, all in one run. An unchanged copy stands there
 * too: where the compiler refuses that, it says nothing about the mutants of the file.
 */
export function findRefused(
  mutants: readonly Mutant[],
  { project, root, home, folder }: Compilation,
): Set<Mutant> {
  const copy = join(folder, "compiled");
  mkdirSync(copy);
  for (const name of ["src", "rules"])
    if (existsSync(join(root, name))) cpSync(join(root, name), join(copy, name), { recursive: true });
  writeFileSync(join(copy, "package.json"), '{ "type": "module" }');
  symlinkSync(join(home, "node_modules"), join(copy, "node_modules"));
  const base = [root, home].map((each) => join(each, "tsconfig.json")).find((file) => existsSync(file));
  const config = {
    extends: base,
    compilerOptions: {
      noEmit: true,
      allowImportingTsExtensions: true,
      rootDir: ".",
      // an unused local after a removed statement is not a visible fault
      noUnusedLocals: false,
    },
    include: ["**/*.mutant-*.ts"],
  };
  writeFileSync(join(copy, "tsconfig.json"), JSON.stringify(config));

  const written = new Map<string, Mutant | undefined>();
  const write = (file: string, id: number | "none", text: string, mutant?: Mutant) => {
    const name = file.replace(/\.ts$/, `.mutant-${id}.ts`);
    written.set(name, mutant);
    writeFileSync(join(copy, name), text);
  };
  for (const file of new Set(mutants.map((mutant) => mutant.file))) write(file, "none", project.read(file));
  for (const [id, mutant] of mutants.entries()) {
    const { file, start, end, replacement } = mutant;
    const text = project.read(file);
    write(file, id, text.slice(0, start) + compiled(replacement) + text.slice(end), mutant);
  }

  const refused = new Set<Mutant>();
  const unknown = new Set<string>();
  for (const line of compile(copy, home).split("\n")) {
    const name = /^(.*\.mutant-(?:\d+|none)\.ts)\(\d+,\d+\): error /.exec(line)?.[1];
    const mutant = name === undefined ? undefined : written.get(name);
    if (mutant !== undefined) refused.add(mutant);
    else if (name !== undefined) unknown.add(name.replace(/\.mutant-none\.ts$/, ".ts"));
  }
  return new Set([...refused].filter(({ file }) => !unknown.has(file)));
}

/** The replacement that the compiler sees: after a plain `true` it would reject the code as unreachable. */
function compiled(replacement = "{}"): string {
  return replacement === "true" || replacement === "false" ? `(${replacement} as boolean)` : replacement;
}

/** What the compiler prints. */
function compile(folder: string, home: string): string {
  const tsc = join(home, "node_modules/typescript/bin/tsc");
  try {
    return execFileSync(process.execPath, [tsc, "-p", folder, "--pretty", "false"], {
      cwd: folder,
      encoding: "utf8",
      maxBuffer: 2 ** 28,
    });
  } catch (error) {
    // it ends with a status other than 0 where it refuses something
    if (error instanceof Error && "stdout" in error && typeof error.stdout === "string") return error.stdout;
    throw error;
  }
}
