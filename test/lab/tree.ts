/** The file system that containers of an image see, unpacked by umoci: an opinion independent of layerlint. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, readFileSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { join } from "node:path";

/** umoci takes no layers without compression from skopeo. */
const fast = ["--dest-compress-level", "1"];

/** Shows `look` the root of the file system, which is deleted afterwards. Needs root. */
export function lookInto<T>(archive: string, work: string, look: (root: string) => T): T {
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  try {
    execFileSync("skopeo", [
      "copy",
      "--quiet",
      ...fast,
      `docker-archive:${archive}`,
      `oci:${work}/layout:lab`,
    ]);
    execFileSync("umoci", ["unpack", "--image", `${work}/layout:lab`, `${work}/bundle`], { stdio: "ignore" });
    return look(join(work, "bundle/rootfs"));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** `kind mode uid:gid content` by path, names as latin1 byte strings; times are left out. */
export function treeOf(root: string): Map<string, string> {
  const tree = new Map<string, string>();
  const enter = (folder: string, below: string) => {
    for (const name of readdirSync(Buffer.from(folder, "latin1"), "latin1")) {
      const path = below === "" ? name : `${below}/${name}`;
      const full = Buffer.from(`${folder}/${name}`, "latin1");
      const info = lstatSync(full);
      const owner = `${(info.mode & 0o7777).toString(8)} ${info.uid}:${info.gid}`;
      if (info.isSymbolicLink())
        tree.set(path, `symlink ${info.uid}:${info.gid} ${readlinkSync(full, "latin1")}`);
      else if (info.isFile()) tree.set(path, `file ${owner} ${digest(full, info.size)}`);
      else tree.set(path, `${info.isDirectory() ? "dir" : "other"} ${owner}`);
      if (info.isDirectory()) enter(`${folder}/${name}`, path);
    }
  };
  enter(root, "");
  return tree;
}

/** A file of gigabytes of holes is known by its size. */
function digest(path: Buffer, size: number): string {
  return size > 2 ** 28 ? `size ${size}` : createHash("sha256").update(readFileSync(path)).digest("hex");
}
