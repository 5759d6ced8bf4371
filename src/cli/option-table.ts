/** Options as data: one entry says what an option takes, what its help is, and which key of a configuration sets the same. */
import { defined } from "../defined.ts";
import type { Argv, Options } from "yargs";
import type { ConfigKey } from "../app/options.ts";

interface Described {
  readonly describe: string;
  /** The heading that it stands under in the help. */
  readonly group?: string;
  /** One letter. */
  readonly alias?: string;
  /** The key of a configuration that sets the same; the command line wins. */
  readonly config?: ConfigKey;
}

export type OptionEntry = Described &
  (
    | { readonly kind: "flag" }
    /** One value, of which the last one given counts; `needsValue`: an empty one is a mistake. */
    | { readonly kind: "text"; readonly needsValue?: true }
    /** One value each time that it is given; all of them count. */
    | { readonly kind: "list" }
    | { readonly kind: "choice"; readonly choices: readonly string[]; readonly default?: string }
  );

/** By the name of the option, without `--`. */
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

/** Tells yargs of the options of a table. */
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
