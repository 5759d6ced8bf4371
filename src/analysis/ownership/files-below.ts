/** Reads from the layers of a linked image what existed before an instruction. */
import { toBytes } from "../../byte-path.ts";
import type { Instruction } from "../../dockerfile/dockerfile.ts";
import type { BytePath, Entry } from "../../image/image.ts";
import type { ImageView } from "../subject.ts";

export interface FilesBelow {
  /** Returns true if this absolute path, or a path in it, existed; undefined if a layer is missing. */
  readonly has: (path: string) => boolean | undefined;
  /** Returns true if the instruction made a regular file at this path. */
  readonly madeFile: (path: string) => boolean;
  /** Returns the instruction's own entries at a path and in it, the last of each path, in the order of the layer. */
  readonly madeBelow: (path: string) => ReadonlyMap<BytePath, Entry>;
  /** Returns true if /etc/passwd or /etc/group had the name; undefined if their content is unknown. */
  readonly knows: (what: "user" | "group", name: string) => boolean | undefined;
}

/** Returns true for the files of users and groups, for `Rule.wantsContent`. */
export function isUserFile(path: BytePath): boolean {
  return path === "etc/passwd" || path === "etc/group";
}

/** Returns the files below an instruction; undefined if no layer is linked to it with certainty. */
export function filesBelow({ origins, image }: ImageView, instruction: Instruction): FilesBelow | undefined {
  const origin = origins.layers.find(
    ({ instruction: first, lastInstruction: last, certainty }) =>
      (certainty === "exact" || certainty === "aligned") &&
      first?.index === instruction.index &&
      (last === undefined || last.index === first.index),
  );
  const own = origin === undefined ? undefined : image.layers[origin.layer];
  if (own === undefined) return undefined;
  const lower = image.layers.slice(0, own.index);
  const all = lower.every(({ missing }) => !missing);
  return {
    has(path) {
      if (!all) return undefined;
      const name = toBytes(path.slice(1));
      return name === "" || lower.some(({ entries }) => entries.some((entry) => isIn(entry, name)));
    },
    madeFile(path) {
      const name = toBytes(path.slice(1));
      return own.entries.some((entry) => entry.path === name && entry.kind === "file");
    },
    madeBelow(path) {
      const name = toBytes(path.slice(1));
      return new Map(
        own.entries.filter((entry) => name === "" || isIn(entry, name)).map((entry) => [entry.path, entry]),
      );
    },
    knows(what, name) {
      const file = what === "user" ? "etc/passwd" : "etc/group";
      for (const { entries, kept } of lower.toReversed()) {
        const entry = entries.findLast(({ path }) => path === file);
        if (entry === undefined) continue;
        const content = kept.get(entry);
        if (content === undefined) return undefined;
        return new TextDecoder()
          .decode(content)
          .split("\n")
          .some((line) => line.startsWith(`${name}:`));
      }
      return undefined;
    },
  };
}

function isIn({ path }: Entry, name: BytePath): boolean {
  return path.startsWith(name) && (path.length === name.length || path[name.length] === "/");
}
