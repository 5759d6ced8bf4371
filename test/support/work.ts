/**
 * Work as a count, which a busy machine does not change: while a function runs, every look-up in a map or set, every
 * element that an iterator of one or of an array yields, and every element of an array that is searched, copied or sorted
 * is a step.
 */

const lookUps = ["get", "has", "set", "add", "delete"] as const;
const scans = [
  "concat",
  "every",
  "filter",
  "find",
  "findIndex",
  "findLast",
  "flatMap",
  "forEach",
  "includes",
  "indexOf",
  "map",
  "reduce",
  "shift",
  "slice",
  "some",
  "sort",
  "splice",
  "toSorted",
  "unshift",
] as const;

const iterators: readonly object[] = [new Map().values(), new Set().values(), [].values()].map(
  (iterator) => Object.getPrototypeOf(iterator) as object,
);

/** How many steps `run` takes. It must not be asynchronous. */
export function stepsOf(run: () => void): number {
  let steps = 0;
  const undo: (() => void)[] = [];
  const count = (owner: object, name: string, cost: (self: unknown) => number) => {
    const original = Object.getOwnPropertyDescriptor(owner, name);
    const method: unknown = original?.value;
    if (original === undefined || typeof method !== "function") return;
    const counting = function (this: unknown, ...args: unknown[]): unknown {
      steps += cost(this);
      return Reflect.apply(method, this, args);
    };
    Object.defineProperty(owner, name, { ...original, value: counting });
    undo.push(() => Object.defineProperty(owner, name, original));
  };
  try {
    for (const name of lookUps)
      for (const owner of [Map.prototype, Set.prototype]) count(owner, name, () => 1);
    for (const name of scans) count(Array.prototype, name, (self) => (self as readonly unknown[]).length);
    for (const owner of iterators) count(owner, "next", () => 1);
    steps = 0;
    run();
    return steps;
  } finally {
    for (let i = undo.length - 1; i >= 0; i--) undo[i]!();
  }
}

/** How many times as many steps four times as much takes: 4 where the cost is linear, 16 where it is quadratic. */
export function growthOf(make: (size: number) => () => void, size: number): number {
  return stepsOf(make(4 * size)) / stepsOf(make(size));
}

/**
 * The same in CPU time, for what goes on inside of a regular expression, where nothing can be counted. The least of several
 * runs, so that neither other processes nor the garbage collector matter.
 */
export function cpuGrowthOf(make: (size: number) => () => void, size: number): number {
  return cpuTimeOf(make(4 * size)) / cpuTimeOf(make(size));
}

/** Microseconds. */
function cpuTimeOf(run: () => void): number {
  const times = Array.from({ length: 5 }, () => {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    return user + system;
  });
  return Math.max(1, Math.min(...times));
}
