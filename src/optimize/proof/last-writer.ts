/**
 * The second evaluator: a map of events that nothing is ever removed from. For each name it records when the name was last
 * written, described, hidden or emptied. A name is visible if it was written after everything that hid it or one of its
 * folders, and its last writer provides it. It shares no code with the first evaluator (apply-in-order.ts).
 */
import { asBytePath, folderUpTo, rootPath } from "../../byte-path.ts";
import type { BytePath, Entry } from "../../image/image.ts";
import type { Provider, Stacked } from "./visible.ts";

/** When things happened to a name. Moments count up over layers and entries; a layer hides before it writes. 0 is never. */
class PathEvents {
  /** Something else than a directory was put here. */
  put = 0;
  provider: Provider | undefined = undefined;
  /** Undefined for most of 100,000 names. */
  rare: RareEvents | undefined = undefined;
}

/** What happens to directories, and to names that are hidden. */
class RareEvents {
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
const noEvents = new PathEvents();
const noRareEvents = new RareEvents();

/** Every visible name and its provider, each once. */
export function lastWriter(layers: readonly Stacked[]): Iterable<readonly [BytePath, Provider]> {
  const log = new EventLog();
  layers.forEach(({ entries }, layer) => {
    log.moment++;
    for (const { path } of entries) log.hide(path);
    for (const entry of entries) {
      log.moment++;
      log.put(entry, layer);
    }
  });
  return { [Symbol.iterator]: () => log.visible() };
}

class EventLog {
  moment = 0;
  readonly #events = new Map<BytePath, PathEvents>();
  #root: Provider = { layer: -1, entry: undefined };
  #parent = rootPath;
  #folders: readonly RareEvents[] = [];

  hide(path: BytePath): void {
    if (!path.includes(".wh.")) return;
    const marker = /^(?:(.*)\/)?\.wh\.([^/]+)$/s.exec(path);
    if (marker === null) return;
    const [, place = "", name = ""] = marker;
    if (/(?:^|\/)\.wh\.\.wh\./.test(place)) return;
    if (name === ".wh..opq") this.#rareEventsOf(asBytePath(place)).emptied = this.moment;
    else if (!name.startsWith(".wh.") && name !== "." && name !== "..")
      this.#rareEventsOf(asBytePath(place === "" ? name : `${place}/${name}`)).hidden = this.moment;
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
      const rare = this.#rareEventsOf(path);
      rare.described = this.moment;
      rare.description = { layer, entry };
      return;
    }
    const provider = entry.kind === "hardlink" ? this.#linked(entry.link) : { layer, entry };
    if (provider === undefined) return;
    const events = this.#eventsOf(path);
    events.put = this.moment;
    events.provider = provider;
  }

  *visible(): Generator<readonly [BytePath, Provider]> {
    yield [rootPath, this.#root];
    const floors = new Map<BytePath, number>();
    const floorIn = (folder: BytePath): number => {
      let floor = floors.get(folder);
      if (floor === undefined) {
        const above = folder === "" ? 0 : floorIn(folderUpTo(folder, Math.max(0, folder.lastIndexOf("/"))));
        floors.set(folder, (floor = Math.max(above, coverOf(this.#events.get(folder) ?? noEvents))));
      }
      return floor;
    };
    let [last, floor] = [rootPath, floorIn(rootPath)];
    for (const [path, events] of this.#events) {
      if (path === "") continue;
      const folder = folderUpTo(path, Math.max(0, path.lastIndexOf("/")));
      if (folder !== last) [last, floor] = [folder, floorIn(folder)];
      const provider = providerOf(events, floor);
      if (provider !== undefined) yield [path, provider];
    }
  }

  /** The target of a hardlink at this moment; undefined if there is none or it is a directory. */
  #linked(target: BytePath): Provider | undefined {
    let floor = coverOf(this.#events.get(rootPath) ?? noEvents);
    for (let slash = target.indexOf("/"); slash > 0; slash = target.indexOf("/", slash + 1))
      floor = Math.max(floor, coverOf(this.#events.get(folderUpTo(target, slash)) ?? noEvents));
    const provider = providerOf(this.#events.get(target) ?? noEvents, floor);
    return provider?.entry === undefined || provider.entry.kind === "dir" ? undefined : provider;
  }

  /** Neighbours in a layer mostly lie in the same folder. */
  #foldersOf(path: BytePath): readonly RareEvents[] {
    const parent = folderUpTo(path, Math.max(0, path.lastIndexOf("/")));
    if (parent === this.#parent) return this.#folders;
    const folders: RareEvents[] = [];
    for (let end = parent.length; end > 0; end = parent.lastIndexOf("/", end - 1))
      folders.push(this.#rareEventsOf(folderUpTo(parent, end)));
    this.#parent = parent;
    return (this.#folders = folders);
  }

  #eventsOf(path: BytePath): PathEvents {
    let events = this.#events.get(path);
    if (events === undefined) this.#events.set(path, (events = new PathEvents()));
    return events;
  }

  #rareEventsOf(path: BytePath): RareEvents {
    const events = this.#eventsOf(path);
    return (events.rare ??= new RareEvents());
  }
}

/** The last moment at which everything below a name was hidden. */
function coverOf({ put, rare }: PathEvents): number {
  return rare === undefined ? put : Math.max(rare.hidden, rare.emptied, put);
}

function providerOf({ put, provider, rare = noRareEvents }: PathEvents, floor: number): Provider | undefined {
  const gone = Math.max(floor, rare.hidden);
  const since = Math.max(gone, put);
  if (rare.described > since) return rare.description;
  if (rare.entered > since) return implied;
  return put > gone ? provider : undefined;
}
