import type { BytePath, Layer } from "../../image/image.ts";
import { parentOf, roleOf } from "./path-roles.ts";

/** What layers above do to a name. */
export interface Above {
  /** Nothing at or below this name of this layer can be seen: a layer above hides it, or a folder of it. */
  covered(path: BytePath): boolean;
  /** What layers above put at this very name, where that is the same for all of them: else `other` counts. */
  put(path: BytePath): "dir" | "other" | undefined;
}

/**
 * Goes through the layers from the top down and says of each what those above it hide
 * (docs/spec/optimizing.md, section 2). Links that lead nowhere (`isVoid`) do nothing. `visit` is called before the
 * layer itself is taken in.
 */
export function fromTheTop(
  layers: readonly Pick<Layer, "entries">[],
  isVoid: (layer: number, path: BytePath) => boolean,
  visit: (layer: number, above: Above) => void,
): void {
  const above = new Hidden();
  for (let i = layers.length - 1; i >= 0; i--) {
    visit(i, above);
    above.forget();
    for (const entry of layers[i]!.entries) {
      const role = roleOf(entry);
      if (role.kind === "whiteout") above.whited.add(role.path);
      else if (role.kind === "opaque") above.opaque.add(role.path);
      else if (role.kind !== "ordinary" || entry.path === "") continue;
      else if (entry.kind === "dir") above.dirs.add(entry.path);
      else if (!isVoid(i, entry.path)) above.others.add(entry.path);
    }
  }
}

class Hidden implements Above {
  readonly whited = new Set<BytePath>();
  readonly opaque = new Set<BytePath>();
  /** Names at which something above is no directory. */
  readonly others = new Set<BytePath>();
  readonly dirs = new Set<BytePath>();
  /** Answers that were given for folders. */
  readonly #folders = new Map<BytePath, boolean>();

  covered(path: BytePath): boolean {
    return this.whited.has(path) || (path !== "" && this.#hidesAllIn(parentOf(path)));
  }

  /** Something is taken in. */
  forget(): void {
    this.#folders.clear();
  }

  #hidesAllIn(folder: BytePath): boolean {
    let answer = this.#folders.get(folder);
    if (answer === undefined) {
      answer = this.opaque.has(folder);
      if (folder !== "")
        answer ||= this.whited.has(folder) || this.others.has(folder) || this.#hidesAllIn(parentOf(folder));
      this.#folders.set(folder, answer);
    }
    return answer;
  }

  put(path: BytePath): "dir" | "other" | undefined {
    if (this.others.has(path)) return "other";
    return this.dirs.has(path) ? "dir" : undefined;
  }
}
