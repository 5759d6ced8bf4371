/** Maps of variables at each point of the build. Each change makes a new view; views share their common history. */
import { itemAt } from "../must.ts";

type Value = string | undefined;

interface History {
  /** Numbers of the changes, ascending. */
  readonly since: number[];
  readonly values: Value[];
}

/** A numbered sequence of changes; a view sees those up to its own number. */
class Timeline {
  readonly names = new Map<string, History>();
  latest = 0;

  set(name: string, value: Value): void {
    const history = this.names.get(name) ?? { since: [], values: [] };
    history.since.push(++this.latest);
    history.values.push(value);
    this.names.set(name, history);
  }
}

/**
 * A map of names to values, undefined where a name is set but its value is not known. A file with thousands of ENVs
 * makes thousands of these, so none copies another, unless two stages continue from the same point.
 */
export class Values implements ReadonlyMap<string, Value> {
  readonly #timeline: Timeline;
  readonly #now: number;
  #map: ReadonlyMap<string, Value> | undefined;

  private constructor(timeline: Timeline) {
    this.#timeline = timeline;
    this.#now = timeline.latest;
  }

  static readonly none: Values = new Values(new Timeline());

  with(pairs: Iterable<readonly [string, Value]>): Values {
    let timeline = this.#timeline;
    if (timeline.latest !== this.#now || this === Values.none) {
      timeline = new Timeline();
      for (const [name, value] of this) timeline.set(name, value);
    }
    for (const [name, value] of pairs) timeline.set(name, value);
    return new Values(timeline);
  }

  get(name: string): Value {
    const history = this.#timeline.names.get(name);
    return history?.values[this.#last(history)];
  }

  has(name: string): boolean {
    const history = this.#timeline.names.get(name);
    return history !== undefined && this.#last(history) >= 0;
  }

  get size(): number {
    return this.#all().size;
  }

  forEach(visit: (value: Value, name: string, map: ReadonlyMap<string, Value>) => void): void {
    for (const [name, value] of this) visit(value, name, this);
  }

  entries(): MapIterator<[string, Value]> {
    return this.#all().entries();
  }

  keys(): MapIterator<string> {
    return this.#all().keys();
  }

  values(): MapIterator<Value> {
    return this.#all().values();
  }

  [Symbol.iterator](): MapIterator<[string, Value]> {
    return this.entries();
  }

  #all(): ReadonlyMap<string, Value> {
    if (this.#map !== undefined) return this.#map;
    const map = new Map<string, Value>();
    for (const name of this.#timeline.names.keys()) if (this.has(name)) map.set(name, this.get(name));
    return (this.#map = map);
  }

  /** Returns the index of the last change that this view sees, or -1. */
  #last({ since }: History): number {
    let low = 0;
    let high = since.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (itemAt(since, middle) <= this.#now) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
