/** Names of the shells that read a script. */

const shells: ReadonlySet<string> = new Set(["sh", "bash", "ash", "dash", "zsh", "ksh", "mksh"]);

export function isShell(name: string | undefined): boolean {
  return name !== undefined && shells.has(name);
}
