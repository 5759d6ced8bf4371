/** What real runtimes make of an image: umoci unpacks it in order, containers/storage stacks it with the kernel's overlay. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/** One line for each name, or why there are none. */
export type Seen = readonly string[] | { readonly error: string };

/** Younger times are those of unpacking: nothing in the image says them. */
const now = Math.floor(Date.now() / 1000) - 86_400;

export function treeOf(root: string): string[] {
  const out = execFileSync("python3", [join(import.meta.dirname, "tree.py"), root], {
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  return out
    .trimEnd()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const record = JSON.parse(line) as { time: number };
      return JSON.stringify({ ...record, time: record.time / 1e9 > now ? "now" : record.time });
    });
}

export function seenByUmoci(layout: string, bundle: string): Seen {
  rmSync(bundle, { recursive: true, force: true });
  const { status, stderr } = spawnSync("umoci", ["unpack", "--image", `${layout}:lab`, bundle], {
    encoding: "utf8",
  });
  if (status !== 0) return { error: stderr.trim().split("\n").at(-1) ?? "" };
  try {
    return treeOf(join(bundle, "rootfs"));
  } finally {
    rmSync(bundle, { recursive: true, force: true });
  }
}

/** The names that differ. Times set while unpacking are ignored, because no runtime guarantees them. */
export function differences(before: Seen, after: Seen): string[] {
  if ("error" in before || "error" in after)
    return "error" in before && "error" in after ? [] : [JSON.stringify([before, after]).slice(0, 500)];
  const [was, is] = [before, after].map(
    (lines) => new Map(lines.map((line) => [(JSON.parse(line) as { path: string }).path, line])),
  );
  return [...new Set([...was!.keys(), ...is!.keys()])].flatMap((path) => {
    const [a, b] = [was!.get(path), is!.get(path)];
    const timeless = (line: string | undefined) => line?.replace(/"time":(?:"now"|\d+)/, "");
    const isNow = a?.includes('"time":"now"') === true;
    return (isNow ? timeless(a) === timeless(b) : a === b) ? [] : [`${a} → ${b}`];
  });
}

/** Without the names that are listed but not there. */
export function withoutPhantoms(seen: Seen): Seen {
  return "error" in seen ? seen : seen.filter((line) => !isPhantom(line));
}

export function phantoms(seen: Seen): string[] {
  return "error" in seen ? [] : seen.filter(isPhantom);
}

function isPhantom(line: string): boolean {
  return (JSON.parse(line) as { kind: string }).kind === "phantom";
}

/** A store of containers/storage of its own. */
export class OverlayStore {
  readonly #folder: string;
  #images = 0;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /** Of an OCI layout that has it as `lab`, or of a docker-archive. */
  seen(image: string): Seen {
    const name = `localhost/lab${this.#images++}`;
    const source = image.endsWith(".tar") ? `docker-archive:${image}` : `oci:${image}:lab`;
    const store = `[overlay@${this.#folder}/root+${this.#folder}/run]`;
    const copied = spawnSync("skopeo", ["copy", "--quiet", source, `containers-storage:${store}${name}`], {
      encoding: "utf8",
    });
    if (copied.status !== 0) return { error: copied.stderr.trim() };
    const container = this.#buildah("from", "--pull-never", name);
    const root = this.#buildah("mount", container);
    try {
      return treeOf(root);
    } finally {
      this.#buildah("umount", container);
      this.#buildah("rm", container);
      this.#buildah("rmi", name);
    }
  }

  remove(): void {
    spawnSync("umount", [join(this.#folder, "root/overlay")]);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #buildah(...args: string[]): string {
    const options = [
      "--root",
      `${this.#folder}/root`,
      "--runroot",
      `${this.#folder}/run`,
      "--storage-driver",
      "overlay",
    ];
    return execFileSync("buildah", [...options, ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    }).trim();
  }
}
