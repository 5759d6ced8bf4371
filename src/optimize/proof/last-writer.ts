/**
 * The second evaluator: a map of providers that nothing is ever taken out of. For each name it notes when it was last
 * made, described, hidden or emptied; who spoke last, above everything that hides its folders, provides it. It shares no
 * code with the first one (apply-in-order.ts).
 */
import { asBytePath, rootPath, folderUpTo } from "../../byte-path.ts";
import type { BytePath, Entry } from "../../image/image.ts";
import type { Provider, Stacked } from "./visible.ts";

/** Moments count up over layers and entries; what a layer hides comes before its entries. 0 is never. */
class PathEvents {
  /** Something else than a directory was put here. */
  put = 0;
  provider: Provider | undefined = undefined;
  /** What else happened to it: nothing, for most of 100,000 names. */
  more: More | undefined = undefined;
}

class More {
  /** A directory entry described it. */
  described = 0;
  description: Provider | undefined = undefined;
  /** Something was put below it, so it is a directory. */
  entered = 0;
  /** It and everything below it was hidden. */
  hidden = 0;
  /** Everything below it was hidden. */
  emptied = 0;
}

const implied: Provider = { layer: -1, entry: undefined };
const nothing = new PathEvents();
const noMore = new More();

/** Every visible name and its provider, each once. */
export function lastWriter(layers: readonly Stacked[]): Iterable<readonly [BytePath, Provider]> {
  const words = new Words();
  layers.forEach(({ entries }, layer) => {
    words.moment++;
    for (const { path } of entries) words.hide(path);
    for (const entry of entries) {
      words.moment++;
      words.put(entry, layer);
    }
  });
  return { [Symbol.iterator]: () => words.visible() };
}

class Words {
  moment = 0;
  readonly #words = new Map<BytePath, PathEvents>();
  #root: Provider = { layer: -1, entry: undefined };
  #parent = rootPath;
  #folders: readonly More[] = [];

  hide(path: BytePath): void {
    if (!path.includes(".wh.")) return;
    const marker = /^(?:(.*)\/)?\.wh\.([^/]+)$/s.exec(path);
    if (marker === null) return;
    const [, place = "", name = ""] = marker;
    if (/(?:^|\/)\.wh\.\.wh\./.test(place)) return;
    if (name === ".wh..opq") this.#more(asBytePath(place)).emptied = this.moment;
    else if (!name.startsWith(".wh.") && name !== "." && name !== "..")
      this.#more(asBytePath(place === "" ? name : `${place}/${name}`)).hidden = this.moment;
  }

  put(entry: Entry, layer: number): void {
    const { path } = entry;
    if (path === "") {
      if (entry.kind === "dir") this.#root = { layer, entry };
      return;
    }
    if (path === ".." || path.startsWith("../")) return;
    if (path.includes(".wh.") && /(?:^|\/)\.wh\.(?:\.wh\.|[^/]*$)/.test(path)) return;
    for (const folder of this.#foldersOf(path)) folder.entered = this.moment;
    if (entry.kind === "dir") {
      const more = this.#more(path);
      more.described = this.moment;
      more.description = { layer, entry };
      return;
    }
    const provider = entry.kind === "hardlink" ? this.#linked(entry.link) : { layer, entry };
    if (provider === undefined) return;
    const word = this.#word(path);
    word.put = this.moment;
    word.provider = provider;
  }

  *visible(): Generator<readonly [BytePath, Provider]> {
    yield [rootPath, this.#root];
    const floors = new Map<BytePath, number>();
    const floorIn = (folder: BytePath): number => {
      let floor = floors.get(folder);
      if (floor === undefined) {
        const above = folder === "" ? 0 : floorIn(folderUpTo(folder, Math.max(0, folder.lastIndexOf("/"))));
        floors.set(folder, (floor = Math.max(above, coverOf(this.#words.get(folder) ?? nothing))));
      }
      return floor;
    };
    let [last, floor] = [rootPath, floorIn(rootPath)];
    for (const [path, word] of this.#words) {
      if (path === "") continue;
      const folder = folderUpTo(path, Math.max(0, path.lastIndexOf("/")));
      if (folder !== last) [last, floor] = [folder, floorIn(folder)];
      const provider = providerOf(word, floor);
      if (provider !== undefined) yield [path, provider];
    }
  }

  /** What a hardlink leads to at this moment: no directory. */
  #linked(target: BytePath): Provider | undefined {
    let floor = coverOf(this.#words.get(rootPath) ?? nothing);
    for (let slash = target.indexOf("/"); slash > 0; slash = target.indexOf("/", slash + 1))
      floor = Math.max(floor, coverOf(this.#words.get(folderUpTo(target, slash)) ?? nothing));
    const provider = providerOf(this.#words.get(target) ?? nothing, floor);
    return provider?.entry === undefined || provider.entry.kind === "dir" ? undefined : provider;
  }

  /** Neighbours in a layer mostly lie in the same folder. */
  #foldersOf(path: BytePath): readonly More[] {
    const parent = folderUpTo(path, Math.max(0, path.lastIndexOf("/")));
    if (parent === this.#parent) return this.#folders;
    const folders: More[] = [];
    for (let end = parent.length; end > 0; end = parent.lastIndexOf("/", end - 1))
      folders.push(this.#more(folderUpTo(parent, end)));
    this.#parent = parent;
    return (this.#folders = folders);
  }

  #word(path: BytePath): PathEvents {
    let word = this.#words.get(path);
    if (word === undefined) this.#words.set(path, (word = new PathEvents()));
    return word;
  }

  #more(path: BytePath): More {
    const word = this.#word(path);
    return (word.more ??= new More());
  }
}

/** Until when everything below a name is gone. */
function coverOf({ put, more }: PathEvents): number {
  return more === undefined ? put : Math.max(more.hidden, more.emptied, put);
}

function providerOf({ put, provider, more = noMore }: PathEvents, floor: number): Provider | undefined {
  const gone = Math.max(floor, more.hidden);
  const since = Math.max(gone, put);
  if (more.described > since) return more.description;
  if (more.entered > since) return implied;
  return put > gone ? provider : undefined;
}
