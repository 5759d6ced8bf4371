/** All layers of an image applied, and the result as data: what is live, what is dead and why. */
import type { BytePath } from "../image/image.ts";
import { RootFsBuilder } from "./rootfs-builder.ts";
import type { DeadFile, LayerEntries, LiveFile, LiveNode, Note, RootFs } from "./rootfs.ts";
import { questionsOf, settleDeaths, type Question } from "./settle.ts";
import { find, type Inode, type TreeNode } from "./tree.ts";

export interface ApplyOptions {
  /** Of the platform; in Windows layers only `Files/` is looked at (docs/spec/layers.md, case 44). */
  readonly os?: string;
}

/** The layers applied. The causes that need contents are still open. */
export interface UnsettledRootFs {
  /** The files whose `sha256` decides a cause. Hash them, then `settle`. */
  readonly questions: readonly Question[];
  /** Decides the causes by the hashes that are known; where one is not, the file counts as overwritten. */
  settle(): RootFs;
}

/** Applies layers bottom-up. Cost is linear in entries. */
export function applyLayers(layers: readonly LayerEntries[], options: ApplyOptions = {}): UnsettledRootFs {
  const builder = new RootFsBuilder(options.os);
  for (const layer of layers) builder.apply(layer);
  const { root, deadFiles, notes, contested, contentBytes } = builder;
  return {
    questions: questionsOf(deadFiles, builder.inodes),
    settle: () => makeRootFs(root, settleDeaths(deadFiles), notes, contested, contentBytes),
  };
}

function makeRootFs(
  root: TreeNode,
  deadFiles: readonly DeadFile[],
  notes: readonly Note[],
  contested: ReadonlySet<BytePath>,
  contentBytes: number,
): RootFs {
  const deadBytes = deadFiles.reduce((sum, deadFile) => sum + deadFile.bytes, 0);
  const live = liveFiles(root);
  const liveBytes = live.reduce((sum, file) => sum + file.entry.size, 0);
  if (liveBytes + deadBytes !== contentBytes) {
    throw new Error(
      `live ${liveBytes} + dead ${deadBytes} is not the content ${contentBytes}: a bug in applying layers`,
    );
  }
  return {
    contentBytes,
    deadBytes,
    liveBytes,
    deadFiles,
    notes,
    contested,
    live,
    tree: () => nodesOf(root),
    at(path) {
      const { node, rest } = find(root, path);
      return rest === "" && node !== root ? liveNode(node, path) : undefined;
    },
  };
}

/** Found in the tree, not by what died, so that the sums hold the two against each other. */
function liveFiles(root: TreeNode): LiveFile[] {
  const live: LiveFile[] = [];
  const linked = new Map<Inode, BytePath[]>();
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    if (folder.children === undefined) continue;
    for (const child of folder.children.values()) {
      const { inode } = child;
      if (inode === undefined) folders.push(child);
      else if (inode.names === undefined) live.push(inode);
      else {
        const names = linked.get(inode);
        if (names === undefined) linked.set(inode, [child.path]);
        else names.push(child.path);
      }
    }
  }
  for (const [inode, names] of linked) {
    inode.names = names.sort();
    live.push(inode);
  }
  return live;
}

function* nodesOf(root: TreeNode): Generator<LiveNode> {
  const stack = root.sorted().reverse();
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    yield liveNode(node, node.path);
    for (const child of node.sorted().reverse()) stack.push(child);
  }
}

function liveNode(node: TreeNode, path: BytePath): LiveNode {
  const kind = node.entry?.kind ?? "dir";
  return { path, entry: node.entry, layer: node.layer, kind: kind === "hardlink" ? "file" : kind };
}
