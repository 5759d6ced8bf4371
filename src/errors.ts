/**
 * An error that the user can fix: wrong usage, bad configuration, unreadable input. The command prints `message` as
 * one line on stderr and exits 2; it never prints a stack for it. The message names the file and says what to do.
 */
export class UserError extends Error {
  override readonly name = "UserError";
}
