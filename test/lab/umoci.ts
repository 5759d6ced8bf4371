/** The live tree against an unpacker of others. */
import { execFileSync } from "node:child_process";
import { lstatSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { openImage } from "../../src/image/open.ts";
import { applyLayers } from "../../src/rootfs/apply.ts";

/** `kind mode size` by path; names as latin1 byte strings. Directories and links have no size. */
type Tree = Map<string, string>;

export async function compareWithUmoci(archive: string, work: string): Promise<void> {
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  try {
    execFileSync("skopeo", ["copy", "--quiet", `docker-archive:${archive}`, `oci:${work}/layout:lab`]);
    execFileSync("umoci", ["unpack", "--image", `${work}/layout:lab`, `${work}/bundle`], { stdio: "ignore" });
    const theirs = unpacked(join(work, "bundle/rootfs"));
    const ours = await computed(archive);
    const differences = [...new Set([...theirs.keys(), ...ours.keys()])].flatMap((path) =>
      theirs.get(path) === ours.get(path)
        ? []
        : [`${path}: umoci ${theirs.get(path)}, layerlint ${ours.get(path)}`],
    );
    expect(differences).toEqual([]);
    expect(ours.size).toBeGreaterThan(100);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function unpacked(root: string): Tree {
  const tree: Tree = new Map();
  const walk = (folder: string, below: string) => {
    for (const name of readdirSync(Buffer.from(folder, "latin1"), "latin1")) {
      const path = below === "" ? name : `${below}/${name}`;
      const info = lstatSync(Buffer.from(`${folder}/${name}`, "latin1"));
      const kind = info.isDirectory()
        ? "dir"
        : info.isSymbolicLink()
          ? "symlink"
          : info.isFile()
            ? "file"
            : "other";
      tree.set(path, line(kind, info.mode, info.size));
      if (kind === "dir") walk(`${folder}/${name}`, path);
    }
  };
  walk(root, "");
  return tree;
}

async function computed(archive: string): Promise<Tree> {
  const image = await openImage(archive, {});
  try {
    const draft = applyLayers(image.layers, { os: "linux" });
    const tree: Tree = new Map();
    for (const { path, kind, entry } of draft.settle().tree()) {
      if (path === "") continue;
      const known = kind === "dir" || kind === "symlink" || kind === "file" ? kind : "other";
      tree.set(path, line(known, entry?.mode ?? 0o755, entry?.size ?? 0));
    }
    return tree;
  } finally {
    await image.close();
  }
}

function line(kind: string, mode: number, size: number): string {
  if (kind === "symlink" || kind === "other") return kind;
  return `${kind} ${(mode & 0o7777).toString(8)}${kind === "file" ? ` ${size}` : ""}`;
}
