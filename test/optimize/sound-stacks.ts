/**
 * Random stacks as builders make them: no name twice, folders described before what is in them (mostly), hardlinks to
 * files of their own layer with the attributes of those. Such layers are rewritten, not refused.
 */
import fc from "fast-check";

const long = "n".repeat(90);
const names = ["a", "b", "c", "é", `${long}1`, `${long}2`];
const attributes = ["", ",mode=0600", ",uid=7,gid=9", ",mtime=9.5", ",xattr.user.k=v"];

interface Pick {
  readonly kind: "file" | "dir" | "link" | "symlink" | "whiteout" | "opaque" | "special" | "sparse";
  readonly parts: readonly number[];
  readonly a: number;
  readonly b: number;
}

const pick: fc.Arbitrary<Pick> = fc.record({
  kind: fc.constantFrom(
    ...([
      "file",
      "file",
      "file",
      "dir",
      "link",
      "link",
      "symlink",
      "whiteout",
      "whiteout",
      "opaque",
      "special",
      "sparse",
    ] as const),
  ),
  parts: fc.array(fc.oneof({ weight: 9, arbitrary: fc.nat(2) }, fc.nat(names.length - 1)), {
    minLength: 1,
    maxLength: 3,
  }),
  a: fc.nat(9),
  b: fc.nat(9),
});

/** Layers in sketch notation. `implied` leaves some folders without entry of their own. */
export const soundStack: fc.Arbitrary<string[]> = fc
  .tuple(
    fc.array(fc.array(pick, { maxLength: 8 }), { minLength: 1, maxLength: 5 }),
    fc.constantFrom(true, false, false),
  )
  .map(([layers, implied]) => layers.map((picks) => layerOf(picks, implied)));

function layerOf(picks: readonly Pick[], implied: boolean): string {
  const made = new Map<string, { kind: string; more: string }>();
  const items: string[] = [];
  const add = (path: string, kind: string, text: string, more = "") => {
    if (made.has(path)) return;
    made.set(path, { kind, more });
    items.push(text);
  };
  for (const { kind, parts, a, b } of picks) {
    const path = parts.map((i) => names[i]!).join("/");
    const folders = parts.slice(1).map((_, i) =>
      parts
        .slice(0, i + 1)
        .map((p) => names[p]!)
        .join("/"),
    );
    if (folders.some((folder) => made.get(folder)?.kind === "other")) continue;
    // what is implied by something else cannot be a file
    if (
      kind !== "dir" &&
      kind !== "opaque" &&
      kind !== "whiteout" &&
      [...made.keys()].some((key) => key.startsWith(`${path}/`))
    )
      continue;
    if (kind === "opaque" && made.get(path)?.kind === "other") continue;
    const needed = kind === "opaque" ? [...folders, path] : folders;
    for (const folder of needed)
      if (!(implied && a === 9)) add(folder, "dir", `${quote(`${folder}/`)}[mode=0755,mtime=${b}]`);
    const more = attributes[b % attributes.length]!;
    if (kind === "file")
      add(path, "other", `${quote(path)}(${["10,h", "10,i", "700", "7", "0"][a % 5]}${more})`, more);
    else if (kind === "dir")
      add(path, "dir", `${quote(`${path}/`)}[mode=0755${more.replace(/,mode=\d+/, "")}]`);
    else if (kind === "symlink") add(path, "other", `${quote(path)}→${quote(names[a % 3]!)}`);
    else if (kind === "special")
      add(path, "other", `${quote(path)}[${["char=1:3", "block=8:1", "fifo"][a % 3]}]`);
    else if (kind === "sparse") add(path, "other", `${quote(path)}(1MB,stored=1024${more})`);
    else if (kind === "whiteout") add(withMark(path), "marker", quote(withMark(path)));
    else if (kind === "opaque") add(`${path}/.wh..wh..opq`, "marker", quote(`${path}/.wh..wh..opq`));
    else {
      const files = [...made].filter(
        ([, { kind: k, more: m }]) => k === "other" && m !== "" && !m.includes("xattr"),
      );
      const target = files[a % Math.max(1, files.length)];
      if (target !== undefined)
        add(path, "other", `${quote(path)}≡${quote(target[0])}[mode=0644,mtime=1600000000${target[1].more}]`);
    }
  }
  return items.join(" ");
}

function withMark(path: string): string {
  return path.replace(/[^/]+$/, ".wh.$&");
}

/** In quotes a name is bytes. */
function quote(path: string): string {
  return JSON.stringify(Buffer.from(path, "utf8").toString("latin1"));
}
