/** Reads YAML (and JSON, which is YAML) and reports errors with file and line. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from "yaml";
import { UserError } from "../../errors.ts";
import { closest } from "../closest.ts";

/** A key of a map and its value. */
export interface Field {
  readonly name: string;
  readonly key: Node;
  readonly value: Node | null;
}

export class Reader {
  readonly #file: string;
  readonly #document: Document.Parsed;
  readonly #lines = new LineCounter();

  constructor(text: string, file: string) {
    this.#file = file;
    this.#document = parseDocument(text.replace(/^\ufeff/, ""), {
      lineCounter: this.#lines,
      prettyErrors: false,
      uniqueKeys: true,
    });
    const [error] = this.#document.errors;
    if (error !== undefined) {
      const { line } = this.#lines.linePos(error.pos[0]);
      const why =
        error.code === "MULTIPLE_DOCS"
          ? "a configuration must be one YAML document; a second one starts here"
          : `invalid YAML: ${error.message.split("\n")[0]}`;
      throw new UserError(`${file}:${line}: ${why}`);
    }
  }

  get root(): Node | null {
    return this.#document.contents;
  }

  line(node: Node | null): number {
    return node?.range == null ? 1 : this.#lines.linePos(node.range[0]).line;
  }

  where(node: Node | null): string {
    return `${this.#file}:${this.line(node)}`;
  }

  fail(node: Node | null, message: string): never {
    throw new UserError(`${this.where(node)}: ${message}`);
  }

  /** Returns the fields of a map; each must be in `known`, if that is given. An empty value is an empty map. */
  fields(node: Node | null, what: string, known?: readonly string[]): Field[] {
    const map = this.#withoutAlias(node);
    if (map === null || (isScalar(map) && map.value === null)) return [];
    if (!isMap(map)) this.fail(node, `${what} must be a map of names and values`);
    return map.items.map(({ key, value }) => {
      if (!isScalar(key)) this.fail(key as Node | null, `${what}: a key must be a plain name`);
      const name = String(key.value);
      if (known !== undefined && !known.includes(name)) {
        const guess = closest(name, known);
        const hint = guess === undefined ? `${what} takes ${known.join(", ")}` : `did you mean ${guess}?`;
        this.fail(key, `unknown key "${name}": ${hint}`);
      }
      return { name, key: key as Node, value: value as Node | null };
    });
  }

  items(node: Node | null, what: string): (Node | null)[] {
    const list = this.#withoutAlias(node);
    if (list === null || (isScalar(list) && list.value === null)) return [];
    if (!isSeq(list)) this.fail(node, `${what} must be a list`);
    return list.items as (Node | null)[];
  }

  /** Returns a list of texts; a single text is a list of one. */
  texts(node: Node | null, what: string): string[] {
    const own = this.#withoutAlias(node);
    if (isScalar(own) && own.value !== null) return [this.text(own, what)];
    return this.items(node, what).map((item) => this.text(item, `each of ${what}`));
  }

  /** Returns a text; a number counts as text, so that `max-waste: 500000` needs no quotes. */
  text(node: Node | null, what: string): string {
    const { value } = this.scalar(node);
    if (typeof value === "string") return value;
    if (typeof value === "number") return String(value);
    return this.fail(node, `${what} must be a text`);
  }

  choice<T extends string>(node: Node | null, what: string, choices: readonly T[]): T {
    const { value } = this.scalar(node);
    const found = choices.find((choice) => choice === value);
    if (found !== undefined) return found;
    const guess = typeof value === "string" ? closest(value, choices) : undefined;
    const hint = guess === undefined ? "" : ` (did you mean ${guess}?)`;
    return this.fail(node, `${what} must be one of ${choices.join(", ")}${hint}`);
  }

  scalar(node: Node | null): { readonly value: unknown } {
    const own = this.#withoutAlias(node);
    return isScalar(own) ? own : { value: undefined };
  }

  isMap(node: Node | null): boolean {
    return isMap(this.#withoutAlias(node));
  }

  #withoutAlias(node: Node | null): Node | null {
    if (!isAlias(node)) return node;
    return (
      node.resolve(this.#document) ??
      this.fail(node, `*${node.source}: there is no anchor &${node.source} before it`)
    );
  }
}
