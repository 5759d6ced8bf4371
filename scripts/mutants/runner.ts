// The vitest runner of `npm run mutants`: runs the body of a test again and again, each time with another mutant on.
import { EventEmitter } from "node:events";
import { configureGlobal } from "fast-check";
import { TestRunner, type RunnerTestCase, type RunnerTestFile } from "vitest";
import { Switchboard } from "./switchboard.ts";
import { Work } from "./work.ts";

const work = new Work(process.env["LAYERLINT_MUTANTS"] ?? "");
const switchboard = new Switchboard();
Object.assign(globalThis, { __mutants: switchboard });
EventEmitter.defaultMaxListeners = 0; // a test that listens does so once for each mutant
configureGlobal({ endOnFailure: true }); // any counterexample kills the mutant, so shrinking it wastes time

/** A test that takes longer waits until the quick ones have killed what they can. */
const QUICK_MS = 150;

/** A test that works longer than this is ended and not used. */
const MOST_TICKS = 3_000_000;

export default class MutantRunner extends TestRunner {
  readonly #plan = work.plan;

  override onCollectStart(file: RunnerTestFile): void {
    super.onCollectStart(file);
    const { mode } = this.#plan;
    if (mode === "reload") switchboard.start(this.#plan.mutant, 100_000_000);
    else switchboard.start();
  }

  onCollected(files: RunnerTestFile[]): void {
    const trace = switchboard.stop();
    for (const { id, filepath, name } of files)
      if (this.#plan.mode === "all")
        work.record({ id, name, file: filepath, ...trace, outcome: "repeatable" });
  }

  async runTask(test: RunnerTestCase): Promise<void> {
    const plan = this.#plan;
    if (plan.mode === "all") await this.#meet(test);
    else if (plan.mode === "some") {
      const some = plan.tests[test.id];
      if (some !== undefined) await this.#tryAll(test, some.mutants, some.ticks);
    } else {
      const ticks = plan.tests[test.id];
      if (ticks !== undefined) await this.#tryAll(test, [plan.mutant], ticks);
    }
  }

  async #meet(test: RunnerTestCase): Promise<void> {
    const record = { id: test.id, name: test.fullName, file: test.file.filepath };
    const begin = performance.now();
    const passes = await this.#passes(test, 0, MOST_TICKS);
    const isLong = switchboard.isExhausted;
    const ms = performance.now() - begin;
    const trace = switchboard.stop();
    const isReaching = trace.reached.length > 0;
    const isRepeatable = passes && !isLong && isReaching && (await this.#passes(test));
    switchboard.stop();
    work.record({
      ...record,
      ms,
      ...trace,
      outcome: isLong ? "long" : !passes ? "failed" : isRepeatable ? "repeatable" : "once",
    });
    if (isRepeatable && ms <= QUICK_MS) await this.#tryAll(test, trace.reached, trace.ticks);
  }

  async #tryAll(test: RunnerTestCase, mutants: readonly number[], ticks: number): Promise<void> {
    for (const mutant of mutants) {
      if (work.isKilled(mutant)) continue;
      const passes = await this.#passes(test, mutant, ticks * 20 + 100_000);
      if (!passes || switchboard.isExhausted) work.kill(mutant, test.fullName);
      switchboard.stop();
    }
  }

  async #passes(test: RunnerTestCase, mutant = 0, fuel = Infinity): Promise<boolean> {
    switchboard.start(mutant, fuel);
    try {
      await TestRunner.getTestFn(test)();
      return true;
    } catch {
      return false;
    }
  }
}
