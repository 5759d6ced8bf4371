// What instrumented code calls: which mutant is on, which were reached, which files ran, and how much work is left.

/** Thrown by counters when a mutant works much longer than the code it replaces: an endless loop, ended without a clock. */
export class OutOfFuel extends Error {}

/** What the code between `start` and `stop` did. */
export interface Trace {
  /** Ids of the mutants that were reached. */
  reached: number[];
  /** Ids of the files of which a function ran. */
  files: number[];
  /** Calls of functions and rounds of loops. */
  ticks: number;
}

/** `on` and `tick` call no methods of built-in classes: a test may replace those with ones that call `tick` again. */
export class Switchboard {
  #active = 0;
  #fuel = Infinity;
  #ticks = 0;
  #reached: Record<number, true> = {};
  #files: Record<number, true> = {};
  readonly #makers = new Map<number, () => unknown>();
  readonly #twins = new Map<number, unknown>();

  on(id: number): boolean {
    this.#reached[id] = true;
    return id === this.#active;
  }

  /** Keeps how the mutated value of a constant is made, or makes it, once. */
  twin(id: number, make?: () => unknown): unknown {
    if (make !== undefined) this.#makers.set(id, make);
    else if (!this.#twins.has(id)) this.#twins.set(id, this.#makers.get(id)!());
    return this.#twins.get(id);
  }

  tick(file: number): void {
    this.#files[file] = true;
    this.#ticks += 1;
    if (this.#ticks > this.#fuel) throw new OutOfFuel("the mutant does not come to an end");
  }

  /** Turns one mutant on, or all off with 0, and starts to record. */
  start(mutant = 0, fuel = Infinity): void {
    this.#active = mutant;
    this.#fuel = fuel;
    this.#ticks = 0;
    this.#reached = {};
    this.#files = {};
  }

  /** Whether the fuel ran out, even if the code caught the error. */
  get isExhausted(): boolean {
    return this.#ticks > this.#fuel;
  }

  stop(): Trace {
    const trace = { reached: ids(this.#reached), files: ids(this.#files), ticks: this.#ticks };
    this.start();
    return trace;
  }
}

function ids(record: Record<number, true>): number[] {
  return Object.keys(record).map(Number);
}
