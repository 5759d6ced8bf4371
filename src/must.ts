/**
 * For what cannot be missing unless our code is wrong: instead of an assertion that the compiler believes, a check. Its
 * error is a bug, so it is no `UserError` and keeps its stack.
 */

export function must<T>(value: T, what: string): NonNullable<T> {
  if (value === undefined || value === null) throw new Error(`${what} is missing: a bug`);
  return value;
}

/** The item at an index that the list has. */
export function itemAt<T extends NonNullable<unknown>>(items: ArrayLike<T>, index: number): T {
  return items[index] ?? outside(items, index);
}

/** The last item of a list that is not empty. */
export function lastItem<T extends NonNullable<unknown>>(items: ArrayLike<T>): T {
  return itemAt(items, items.length - 1);
}

function outside({ length }: ArrayLike<unknown>, index: number): never {
  throw new Error(`there is no item ${index} in a list of ${length}: a bug`);
}
