/**
 * The second evaluator: a map of providers that nothing is ever taken out of. For each name it notes when it was last
 * made, described, hidden or emptied; who spoke last, above everything that hides its folders, provides it. It shares no
 * code with the first one (apply-in-order.ts).
 */
import type { BytePath, Entry } from "../../image/image.ts";
import type { Provider, Stacked, Visible } from "./visible.ts";

/** Moments count up over layers and entries; what a layer hides comes before its entries. 0 is never. */
class Word {
  /** Something else than a directory was put here. */
  put = 0;
  provider: Provider | undefined = undefined;
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
const nothing = new Word();

export function latestWord(layers: readonly Stacked[]): Visible {
  const words = new Words();
  layers.forEach(({ entries }, layer) => {
    words.moment++;
    for (const { path } of entries) words.hide(path);
    for (const entry of entries) {
      words.moment++;
      words.put(entry, layer);
    }
  });
  return words.visible();
}

class Words {
  moment = 0;
  readonly #words = new Map<BytePath, Word>();
  #root: Provider = { layer: -1, entry: undefined };

  hide(path: BytePath): void {
    const marker = /^(?:(.*)\/)?\.wh\.([^/]+)$/s.exec(path);
    if (marker === null) return;
    const [, place = "", name = ""] = marker;
    if (/(?:^|\/)\.wh\.\.wh\./.test(place)) return;
    if (name === ".wh..opq") this.#word(place).emptied = this.moment;
    else if (!name.startsWith(".wh.") && name !== "." && name !== "..")
      this.#word(place === "" ? name : `${place}/${name}`).hidden = this.moment;
  }

  put(entry: Entry, layer: number): void {
    const { path } = entry;
    if (path === "") {
      if (entry.kind === "dir") this.#root = { layer, entry };
      return;
    }
    if (/^\.\.(?:\/|$)|(?:^|\/)\.wh\.(?:\.wh\.|[^/]*$)/.test(path)) return;
    for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
      this.#word(path.slice(0, end)).entered = this.moment;
    }
    const word = this.#word(path);
    if (entry.kind === "dir") {
      word.described = this.moment;
      word.description = { layer, entry };
      return;
    }
    const provider = entry.kind === "hardlink" ? this.#linked(entry.link) : { layer, entry };
    if (provider === undefined) return;
    word.put = this.moment;
    word.provider = provider;
  }

  visible(): Visible {
    const visible = new Map<BytePath, Provider>([["", this.#root]]);
    const floors = new Map<BytePath, number>();
    const floorIn = (folder: BytePath): number => {
      let floor = floors.get(folder);
      if (floor === undefined) {
        const above = folder === "" ? 0 : floorIn(folder.slice(0, Math.max(0, folder.lastIndexOf("/"))));
        floors.set(folder, (floor = Math.max(above, coverOf(this.#words.get(folder) ?? nothing))));
      }
      return floor;
    };
    for (const [path, word] of this.#words) {
      if (path === "") continue;
      const provider = providerOf(word, floorIn(path.slice(0, Math.max(0, path.lastIndexOf("/")))));
      if (provider !== undefined) visible.set(path, provider);
    }
    return visible;
  }

  /** What a hardlink leads to at this moment: no directory. */
  #linked(target: BytePath): Provider | undefined {
    let floor = coverOf(this.#words.get("") ?? nothing);
    for (let slash = target.indexOf("/"); slash > 0; slash = target.indexOf("/", slash + 1))
      floor = Math.max(floor, coverOf(this.#words.get(target.slice(0, slash)) ?? nothing));
    const provider = providerOf(this.#words.get(target) ?? nothing, floor);
    return provider?.entry === undefined || provider.entry.kind === "dir" ? undefined : provider;
  }

  #word(path: BytePath): Word {
    let word = this.#words.get(path);
    if (word === undefined) this.#words.set(path, (word = new Word()));
    return word;
  }
}

/** Until when everything below a name is gone. */
function coverOf({ hidden, emptied, put }: Word): number {
  return Math.max(hidden, emptied, put);
}

function providerOf(word: Word, floor: number): Provider | undefined {
  const gone = Math.max(floor, word.hidden);
  const since = Math.max(gone, word.put);
  if (word.described > since) return word.description;
  if (word.entered > since) return implied;
  return word.put > gone ? word.provider : undefined;
}
