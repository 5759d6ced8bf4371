/** The type of facts about the arguments of a program that carry secrets. */

export interface SecretArguments {
  /** Default: all names and helpers of the tool. */
  readonly names?: readonly string[];
  readonly options?: readonly SecretOption[];
  readonly words?: readonly SecretWord[];
  /** Words of a login, wherever they stand; the first group is the password. The pattern has the flag `d`. */
  readonly login?: RegExp;
}

export interface SecretOption {
  /** Letters of short options: the value is the next word, or what is attached. */
  readonly short?: string;
  /** The value is attached to the short option, never the next word. */
  readonly attached?: true;
  /** The value is the next word, never attached. */
  readonly apart?: true;
  /** Without dashes. */
  readonly long?: readonly string[];
  /** `user:password`: the part after this character. */
  readonly after?: ":" | "%" | "=" | ",";
  /** Only behind this subcommand. */
  readonly behind?: string;
}

/** A subcommand after which words are secrets. */
export interface SecretWord {
  readonly behind: RegExp;
  /** Words after the subcommand that are shown: a user's name. */
  readonly skip: number;
}
