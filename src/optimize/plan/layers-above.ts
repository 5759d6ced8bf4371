/**
 * What the layers above a layer hide of it (docs/spec/optimizing.md, section 2): four sets of names, from the top down.
 * `src/rootfs` cannot answer this. It knows what is visible in the end and which files died; the planner also asks about
 * directories, links and folders without an entry, and about the kind of thing that hides them (docs/decisions/0011).
 */
import { parentOf } from "../../byte-path.ts";
import type { BytePath, Layer } from "../../image/image.ts";
import { roleOf } from "./path-roles.ts";

/** The layers above the one being planned; the caller adds them from the top down. */
export class LayersAbove {
  readonly #whited = new Set<BytePath>();
  readonly #opaque = new Set<BytePath>();
  /** Names at which some layer above has a file, a link or a device. */
  readonly #others = new Set<BytePath>();
  readonly #dirs = new Set<BytePath>();
  /** Cached results of `#hidesAllIn`. */
  readonly #folders = new Map<BytePath, boolean>();

  /** Whether the layers above hide whatever lies at and below this path. */
  hides(path: BytePath): boolean {
    return this.#whited.has(path) || (path !== "" && this.#hidesAllIn(parentOf(path)));
  }

  /** What the layers above put at this very name: `dir` if all of them put a directory there. */
  kindAt(path: BytePath): "dir" | "other" | undefined {
    if (this.#others.has(path)) return "other";
    return this.#dirs.has(path) ? "dir" : undefined;
  }

  /** Adds the next lower layer. `isVoid` tells dangling hardlinks, which have no effect. */
  add({ entries }: Pick<Layer, "entries">, isVoid: (path: BytePath) => boolean): void {
    this.#folders.clear();
    for (const entry of entries) {
      const role = roleOf(entry);
      if (role.kind === "whiteout") this.#whited.add(role.path);
      else if (role.kind === "opaque") this.#opaque.add(role.path);
      else if (role.kind !== "ordinary" || entry.path === "") continue;
      else if (entry.kind === "dir") this.#dirs.add(entry.path);
      else if (!isVoid(entry.path)) this.#others.add(entry.path);
    }
  }

  #hidesAllIn(folder: BytePath): boolean {
    let answer = this.#folders.get(folder);
    if (answer === undefined) {
      answer = this.#opaque.has(folder);
      if (folder !== "")
        answer ||= this.#whited.has(folder) || this.#others.has(folder) || this.#hidesAllIn(parentOf(folder));
      this.#folders.set(folder, answer);
    }
    return answer;
  }
}
