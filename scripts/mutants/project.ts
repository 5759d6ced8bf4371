// The files of the repository as mutation testing sees them: which room a file is in, and what it imports.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { importsOf } from "./instrument.ts";

/** Folders of a room; `!` excludes a folder. */
export type Rooms = Readonly<Record<string, readonly string[]>>;

export class Project {
  /** All TypeScript files of src, rules and test, relative, with slashes; the index is the id. */
  readonly files: readonly string[];
  readonly #root: string;
  readonly #imports = new Map<string, readonly string[]>();

  constructor(root: string) {
    this.#root = root;
    const folders = ["src", "rules", "test"].filter((folder) => existsSync(join(root, folder)));
    this.files = folders.flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
        .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
        .toSorted(),
    );
  }

  read(file: string): string {
    return readFileSync(join(this.#root, file), "utf8");
  }

  /** The file that a relative import names. */
  resolve(file: string, name: string): string {
    return relative(this.#root, resolve(this.#root, dirname(file), name)).replaceAll("\\", "/");
  }

  /** The files that a file imports when it runs. */
  imports(file: string): readonly string[] {
    let found = this.#imports.get(file);
    if (found === undefined) {
      const written = importsOf(file, this.read(file)).map((name) => this.resolve(file, name));
      found = written.filter((name) => this.files.includes(name));
      this.#imports.set(file, found);
    }
    return found;
  }

  /** A file and all that it imports, directly or through others. */
  reach(file: string): Set<string> {
    const reached = new Set([file]);
    for (const each of reached) for (const next of this.imports(each)) reached.add(next);
    return reached;
  }

  importers(file: string): string[] {
    return this.files.filter((each) => this.imports(each).includes(file));
  }
}

/** The room of a file: the longest folder decides. */
export function roomOf(file: string, rooms: Rooms): string | undefined {
  let best = { length: 0, room: undefined as string | undefined };
  for (const [room, folders] of Object.entries(rooms))
    for (const written of folders) {
      const folder = written.replace(/^!/, "");
      if (!file.startsWith(`${folder}/`) || folder.length <= best.length) continue;
      best = { length: folder.length, room: written.startsWith("!") ? undefined : room };
    }
  return best.room;
}
