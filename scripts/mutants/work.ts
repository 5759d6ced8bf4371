// The folder through which the main process and the test processes communicate: a plan, marks of killed mutants,
// records of tests.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export type Plan =
  /** Runs every test without mutants, then once for each mutant that it reaches. */
  | { mode: "all" }
  /** Turns these mutants on in these tests (task id → mutants); all other tests are skipped. */
  | { mode: "some"; tests: Record<string, { mutants: number[]; ticks: number }> }
  /** Runs these tests (task id → ticks without mutant) with one mutant on from the first import on. */
  | { mode: "reload"; mutant: number; tests: Record<string, number> };

/** What one test did without mutants. */
export interface TestRecord {
  id: string;
  name: string;
  /** The test file, absolute. */
  file: string;
  /** Undefined for what the file did before its first test. */
  ms?: number;
  ticks: number;
  reached: number[];
  files: number[];
  /** Whether the test passed, and passed a second time in the same process; `long` works too long to be used. */
  outcome: "repeatable" | "once" | "failed" | "long";
}

export class Work {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  set plan(plan: Plan) {
    writeFileSync(join(this.#folder, "plan.json"), JSON.stringify(plan));
  }

  get plan(): Plan {
    return JSON.parse(readFileSync(join(this.#folder, "plan.json"), "utf8")) as Plan;
  }

  kill(mutant: number, test: string): void {
    writeFileSync(join(this.#folder, `killed-${mutant}`), test);
  }

  isKilled(mutant: number): boolean {
    return existsSync(join(this.#folder, `killed-${mutant}`));
  }

  record(test: TestRecord): void {
    appendFileSync(join(this.#folder, "tests.jsonl"), `${JSON.stringify(test)}\n`);
  }

  get records(): TestRecord[] {
    const file = join(this.#folder, "tests.jsonl");
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, "utf8").split("\n");
    return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as TestRecord);
  }
}
