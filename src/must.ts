/**
 * Returns a value that is missing only if our code is wrong: a check instead of a non-null assertion. Its error is a
 * bug, so it is not a `UserError` and keeps its stack.
 */

export function must<T>(value: T, what: string): NonNullable<T> {
  if (value === undefined || value === null) throw new Error(`${what} is missing: a bug`);
  return value;
}

/** Returns the item at an index that must exist. */
export function itemAt<T extends NonNullable<unknown>>(items: ArrayLike<T>, index: number): T {
  return items[index] ?? outside(items, index);
}

/** Returns the last item of a list that must not be empty. */
export function lastItem<T extends NonNullable<unknown>>(items: ArrayLike<T>): T {
  return itemAt(items, items.length - 1);
}

function outside({ length }: ArrayLike<unknown>, index: number): never {
  throw new Error(`there is no item ${index} in a list of ${length}: a bug`);
}
