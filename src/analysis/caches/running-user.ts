/** Returns true for root: `USER root`, `USER 0:0`. */
export function isRoot(user: string): boolean {
  return /^(?:root|0+)(?::.*)?$/.test(user);
}
