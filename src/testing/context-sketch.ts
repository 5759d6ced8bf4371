/** Makes a build context from a sketch. */
import { makeContext } from "../context/build-context.ts";
import type { BuildContext } from "../context/context.ts";
import type { DiskEntry, FileStat } from "../context/folder-tree.ts";
import { defined } from "../defined.ts";

export interface ContextSketch {
  /**
   * Files by path: their size (with mode 0644), or size and mode, or a symlink as `-> target`; a path that ends in `/`
   * is an empty folder.
   */
  readonly files: Readonly<Record<string, number | string | FileStat>>;
  readonly ignore?: string;
  readonly limit?: number;
  /** The folder, as given; `context` by default. */
  readonly name?: string;
}

/** Makes a build context from a sketch; `reads` counts the folders that were read. */
export function contextSketch({ files, ignore, limit, name = "context" }: ContextSketch): {
  readonly context: BuildContext;
  readonly reads: string[];
} {
  const folders = new Map<string, Map<string, DiskEntry>>([["", new Map()]]);
  for (const [path, content] of Object.entries(files)) {
    const parts = path.split("/").filter((part) => part !== "");
    parts.forEach((part, i) => {
      const isLast = i === parts.length - 1 && !path.endsWith("/");
      const kind = !isLast ? "folder" : typeof content === "string" ? "link" : "file";
      folders.get(parts.slice(0, i).join("/"))?.set(part, { name: part, kind });
      if (kind === "folder" && !folders.has(parts.slice(0, i + 1).join("/")))
        folders.set(parts.slice(0, i + 1).join("/"), new Map());
    });
  }
  const reads: string[] = [];
  const made = makeContext({
    name,
    disk: {
      list(folder) {
        reads.push(folder);
        return [...(folders.get(folder)?.values() ?? [])];
      },
      stat: (path) => statOf(files[path]),
      target: (path) => {
        const content = files[path];
        return typeof content === "string" ? content.replace("-> ", "") : undefined;
      },
    },
    ignoreFile() {
      reads.push(".dockerignore");
      return ignore === undefined ? undefined : { name: `${name}/.dockerignore`, text: ignore };
    },
    ...defined({ limit }),
  });
  return { context: made, reads };
}

function statOf(content: number | string | FileStat | undefined): FileStat | undefined {
  return typeof content === "number"
    ? { size: content, mode: 0o644 }
    : typeof content === "string"
      ? undefined
      : content;
}

export function context(sketch: ContextSketch): BuildContext {
  return contextSketch(sketch).context;
}
