// Runs the tests against mutants, in three passes: quick tests with mutants switched on one after the other, then slower
// tests for what is left, then fresh processes for mutants in code that runs while modules load.
import { join, relative } from "node:path";
import { BaseSequencer, createVitest, type TestSpecification, type Vitest } from "vitest/node";
import { importedNames, instrument, type Mutant } from "./instrument.ts";
import type { Project } from "./project.ts";
import { Work, type TestRecord } from "./work.ts";

/** A test file that imports more than this share of the code tests the whole command: slowly, and each file a little. */
const WHOLE = 0.75;

export interface Session {
  project: Project;
  /** The folder of the project that is mutated. */
  root: string;
  /** The folder of the repository that this script is in. */
  home: string;
  /** An empty folder for what the processes tell each other. */
  folder: string;
  mutants: readonly Mutant[];
  /** Tests that take longer are not used. */
  slowMs: number;
  /** Whether tests of the whole command are used too. */
  withWholeCommand: boolean;
}

/** The mutants that no test kills, and whether a test runs them at all. */
export async function findSurvivors(session: Session): Promise<Map<Mutant, "survived" | "unreached">> {
  const { project, folder, slowMs } = session;
  const mutants = new Map(session.mutants.map((mutant, index) => [index + 1, mutant]));
  const mutated = new Set(session.mutants.map(({ file }) => file));
  const work = new Work(folder);
  process.env["LAYERLINT_MUTANTS"] = folder;
  work.plan = { mode: "all" };
  const vitest = await start(session, mutants);
  try {
    const all = await vitest.globTestSpecifications();
    const sizes = new Map<TestSpecification, number>();
    for (const spec of all) {
      const reach = project.reach(nameOf(spec.moduleId, session));
      if (![...reach].some((file) => mutated.has(file))) continue;
      if (session.withWholeCommand || reach.size <= WHOLE * project.files.filter(isCode).length)
        sizes.set(spec, reach.size);
    }
    // Tests of few modules first: they are about what they import.
    const specs = [...sizes.keys()].toSorted((a, b) => sizes.get(a)! - sizes.get(b)!);
    console.error(`${specs.length} test files`);
    await vitest.runTestSpecifications(specs);

    const records = work.records;
    for (const { name, outcome } of records) {
      if (outcome === "failed") console.error(`not used, it fails without mutants: ${name}`);
      if (outcome === "long") console.error(`not used, it works too long: ${name}`);
    }
    const alive = () => [...mutants.keys()].filter((id) => !work.isKilled(id));
    const tests = records.filter(
      ({ ms, outcome }) => ms !== undefined && ms <= slowMs && outcome !== "failed" && outcome !== "long",
    );
    const run = async (chosen: readonly TestRecord[]) => {
      const files = new Set(chosen.map(({ file }) => file));
      if (files.size > 0)
        await vitest.runTestSpecifications(specs.filter(({ moduleId }) => files.has(moduleId)));
    };

    const left = new Set(alive());
    console.error(`${left.size} left after the quick tests`);
    const slow = tests.filter(
      ({ outcome, reached }) => outcome === "repeatable" && reached.some((id) => left.has(id)),
    );
    work.plan = {
      mode: "some",
      tests: Object.fromEntries(
        slow.map(({ id, reached, ticks }) => [
          id,
          { mutants: reached.filter((mutant) => left.has(mutant)), ticks },
        ]),
      ),
    };
    await run(slow.filter(({ ms }) => ms! > 150));

    const loading = records.filter(({ ms }) => ms === undefined);
    const atLoad = new Set(loading.flatMap(({ reached }) => reached));
    const once = new Set(tests.filter(({ outcome }) => outcome === "once").flatMap(({ reached }) => reached));
    const fresh = alive().filter((id) => atLoad.has(id) || once.has(id));
    console.error(
      `${alive().length} left after the slower tests, ${fresh.length} of them need fresh processes`,
    );
    for (const mutant of fresh) {
      const { file, line, column } = mutants.get(mutant)!;
      console.error(`in fresh processes: ${file}:${line}:${column}`);
      const chosen = tests.filter(isConcerned(mutant));
      work.plan = {
        mode: "reload",
        mutant,
        tests: Object.fromEntries(chosen.map(({ id, ticks }) => [id, ticks])),
      };
      await run(chosen);
      // a module that does not load any more kills too: its test file has an error of its own
      const broken = vitest.state.getTestModules().find((module) => module.errors().length > 0);
      if (broken !== undefined) work.kill(mutant, broken.moduleId);
    }

    const reached = new Set(records.flatMap((record) => record.reached));
    return new Map(alive().map((id) => [mutants.get(id)!, reached.has(id) ? "survived" : "unreached"]));

    /** Tests that reach a mutant, call a function of its file or of a file that imports it, or share a test file with one that does. */
    function isConcerned(id: number): (test: TestRecord) => boolean {
      const { file } = mutants.get(id)!;
      const near = new Set([file, ...project.importers(file)].map((name) => project.files.indexOf(name)));
      const early = new Set(
        loading.filter(({ reached: ids }) => ids.includes(id)).map((record) => record.file),
      );
      return (test) =>
        test.reached.includes(id) ||
        (atLoad.has(id) && (early.has(test.file) || test.files.some((each) => near.has(each))));
    }
  } finally {
    await vitest.close();
  }
}

async function start(session: Session, mutants: ReadonlyMap<number, Mutant>): Promise<Vitest> {
  const { root, home, project } = session;
  const perFile = new Map<string, Map<number, Mutant>>();
  for (const [id, mutant] of mutants) {
    const same = perFile.get(mutant.file) ?? new Map<number, Mutant>();
    perFile.set(mutant.file, same.set(id, mutant));
  }
  const importedTwins = (file: string, code: string) => {
    const twins = new Map<string, number[]>();
    for (const { from, name, local } of importedNames(file, code)) {
      const ids = [...(perFile.get(project.resolve(file, from)) ?? [])].filter(
        ([, { constant }]) => constant?.name === name,
      );
      if (ids.length > 0)
        twins.set(
          local,
          ids.map(([id]) => id),
        );
    }
    return twins;
  };
  return createVitest(
    "test",
    {
      root,
      watch: false,
      runner: join(home, "scripts/mutants/runner.ts"),
      reporters: [{}],
      isolate: false,
      testTimeout: 10_000,
      sequence: { sequencer: AsGiven },
    },
    {
      plugins: [
        {
          name: "mutants",
          enforce: "pre",
          transform(code, id) {
            const file = nameOf(id, session);
            const fileId = project.files.indexOf(file);
            if (fileId === -1) return undefined;
            const switches = {
              mutants: perFile.get(file) ?? new Map<number, Mutant>(),
              imported: importedTwins(file, code),
            };
            return { code: instrument(file, code, fileId, switches), map: null };
          },
        },
      ],
    },
  );
}

function isCode(file: string): boolean {
  return !file.startsWith("test/");
}

/** Keeps the order in which the files are given. */
class AsGiven extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return Promise.resolve(files);
  }
}

function nameOf(path: string, { root }: Session): string {
  return relative(root, path.replace(/\?.*$/, "")).replaceAll("\\", "/");
}
