/**
 * Options as data: an entry defines the values of an option, its help, and the configuration key with the same
 * effect.
 */
import { defined } from "../defined.ts";
import type { Argv, Options } from "yargs";
import type { ConfigKey } from "../app/options.ts";

interface Described {
  readonly describe: string;
  /** Heading of the option in the help. */
  readonly group?: string;
  /** Short form: one letter. */
  readonly alias?: string;
  /** Configuration key with the same effect; the command line wins. */
  readonly config?: ConfigKey;
}

export type OptionEntry = Described &
  (
    | { readonly kind: "flag" }
    /** One value; the last one given wins. `needsValue`: an empty value is an error. */
    | { readonly kind: "text"; readonly needsValue?: true }
    /** May be given several times; all values count. */
    | { readonly kind: "list" }
    | { readonly kind: "choice"; readonly choices: readonly string[]; readonly default?: string }
  );

/** Options by name, without `--`. */
export type OptionTable = Readonly<Record<string, OptionEntry>>;

type ValueOf<Entry extends OptionEntry> = Entry extends { readonly kind: "flag" }
  ? boolean
  : Entry extends { readonly kind: "list" }
    ? readonly string[]
    : Entry extends { readonly kind: "choice"; readonly choices: readonly (infer Choice)[] }
      ? Entry extends { readonly default: string }
        ? Choice
        : Choice | undefined
      : string | undefined;

type CamelCase<Name extends string> = Name extends `${infer Start}-${infer Rest}`
  ? `${Start}${Capitalize<CamelCase<Rest>>}`
  : Name;

/** The values of the options of a table, by their names in camel case. */
export type ValuesOf<Table extends OptionTable> = {
  readonly [Name in keyof Table & string as CamelCase<Name>]: ValueOf<Table[Name]>;
};

/** Adds the options of a table to a yargs parser. */
export function withOptions<T, Table extends OptionTable>(
  command: Argv<T>,
  table: Table,
): Argv<T & ValuesOf<Table>> {
  for (const [name, entry] of Object.entries(table)) command.option(name, yargsOption(entry));
  return command as Argv<T & ValuesOf<Table>>;
}

function yargsOption(entry: OptionEntry): Options {
  const { describe, group, alias } = entry;
  const shown = {
    describe,
    ...defined({ group, alias }),
  };
  switch (entry.kind) {
    case "flag":
      return { ...shown, type: "boolean", default: false };
    case "text":
      return { ...shown, type: "string", ...(entry.needsValue === true ? { requiresArg: true } : {}) };
    case "list":
      return { ...shown, type: "string", array: true, nargs: 1, default: [] };
    case "choice":
      return {
        ...shown,
        choices: entry.choices,
        ...defined({ default: entry.default }),
      };
  }
}
