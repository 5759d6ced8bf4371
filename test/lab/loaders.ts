/** Tools that load images and start containers of them, each with a store of its own. */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { lab, run, script } from "./lab.ts";

export interface Loader {
  readonly name: string;
  /** Into an empty store: layers that are there already would not be read. Throws what the tool said if it cannot. */
  load(path: string): string;
  /** What a container of the image prints; it has no network. */
  run(image: string, commands: string): string;
  stop(): void;
}

/** podman and buildah as root raise limits, which not every machine allows. */
const limits = ["--ulimit", "nofile=1024:4096", "--ulimit", "nproc=4096:4096"];

export class Podman implements Loader {
  readonly name = "podman";
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  load(path: string): string {
    this.forget();
    const said = this.call("load", "--quiet", "--input", path);
    return /Loaded image: (\S+)/.exec(said)![1]!;
  }

  run(image: string, commands: string): string {
    // runc takes machines with both versions of cgroups, crun does not
    const options = ["--rm", "--network", "none", ...limits];
    return this.call("--runtime", "runc", "run", ...options, image, "sh", "-c", commands);
  }

  forget(): void {
    this.call("rmi", "--all", "--force");
  }

  call(...args: readonly string[]): string {
    const store = ["--root", join(this.#folder, "root"), "--runroot", join(this.#folder, "run")];
    const options = [
      "--storage-driver",
      "overlay",
      "--cgroup-manager",
      "cgroupfs",
      "--events-backend",
      "file",
    ];
    return run("podman", ...store, ...options, ...args);
  }

  stop(): void {
    spawnSync("umount", [join(this.#folder, "root/overlay")]);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export class Buildah {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /** `source` as skopeo and buildah write it: `oci:folder:tag`, `docker-archive:file`. */
  pull(source: string): string {
    this.#call("rmi", "--all", "--force");
    return this.#call("pull", "--quiet", source).trim();
  }

  run(image: string, commands: string): string {
    const container = this.#call("from", "--pull-never", image).trim();
    try {
      const output = () => this.#call("run", "--isolation", "chroot", container, "--", "sh", "-c", commands);
      // on a loaded machine buildah sometimes ends well and has lost what the container printed
      return output() || output() || output();
    } finally {
      this.#call("rm", container);
    }
  }

  #call(...args: readonly string[]): string {
    const store = ["--root", join(this.#folder, "root"), "--runroot", join(this.#folder, "run")];
    return run("buildah", ...store, "--storage-driver", "overlay", ...args);
  }

  stop(): void {
    spawnSync("umount", [join(this.#folder, "root/overlay")]);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export class Docker implements Loader {
  readonly name: string;
  readonly #client: string;
  readonly #host: string;

  /** `docker20`, `docker28` or `docker28c`, as setup/engine.sh knows them. */
  constructor(engine: string) {
    this.name = engine;
    this.#client = join(lab, "engines/docker28/usr/bin/docker");
    this.#host = `unix://${lab}/run/${engine}/docker.sock`;
    script("engine.sh", "start", engine);
  }

  load(path: string): string {
    const images = new Set(this.#call("images", "--quiet").split("\n").filter(Boolean));
    if (images.size > 0) this.#call("rmi", "--force", ...images);
    const said = this.#call("load", "--quiet", "--input", path);
    const name = /Loaded image(?: ID)?: (\S+)/.exec(said)?.[1];
    // it prints the failure, and ends with 0
    if (name === undefined) throw new Error(said.trim());
    return name;
  }

  run(image: string, commands: string): string {
    return this.#call("run", "--rm", "--network", "none", "--entrypoint", "", image, "sh", "-c", commands);
  }

  #call(...args: readonly string[]): string {
    return run(this.#client, "--host", this.#host, ...args);
  }

  stop(): void {
    script("engine.sh", "stop", this.name);
  }
}
