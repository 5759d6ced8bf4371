/** optimize on a real image: Debian, apt, a compiler that comes and goes, files that change their owner. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openImage } from "../../src/image/open.ts";
import { random } from "./content.ts";
import { differences, OverlayStore, seenByUmoci } from "./runtimes.ts";

const isQuick = (process.env["LAYERLINT_LAB_SET"] ?? "quick") === "quick";
const lab = process.env["LAYERLINT_LAB"] ?? join(process.env["TMPDIR"] ?? "/var/tmp", "layerlint-lab");
const setup = join(import.meta.dirname, "setup");
const command = join(import.meta.dirname, "../../dist/bin/layerlint.js");
const dockerfile = `FROM debian:stable-slim
RUN apt-get update
RUN apt-get install -y --no-install-recommends gcc python3
COPY data /srv/data
RUN chown -R 1000:1000 /srv/data
RUN apt-get purge -y --auto-remove gcc
RUN rm -rf /var/lib/apt/lists/*
`;

let work: string;
let archive: string;
let gzip: string;
let store: OverlayStore | undefined;

function script(name: string, ...args: string[]): void {
  execFileSync("bash", [join(setup, name), ...args], { stdio: ["ignore", "inherit", "inherit"] });
}

function run(program: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8", maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${stderr}`);
  return stdout;
}

const optimize = (input: string, output: string, ...more: string[]) =>
  run(process.execPath, command, "optimize", input, "-o", output, "--base", "1", ...more);

beforeAll(() => {
  script("tools.sh", isQuick ? "quick" : "all");
  script("bases.sh", "debian");
  const images = join(lab, "images", "optimize", "buildah");
  if (!existsSync(images)) {
    const context = join(lab, "contexts", "optimize");
    mkdirSync(join(context, "data"), { recursive: true });
    mkdirSync(join(images, ".."), { recursive: true });
    writeFileSync(join(context, "Dockerfile"), dockerfile);
    for (let i = 0; i < 20; i++) random(join(context, "data", `f${i}`), 1_000_000 + i);
    script("image.sh", "buildah", "debian", context, images);
  }
  archive = join(images, "docker-archive.tar");
  gzip = join(images, "oci-gzip.tar");
  // buildah makes a name of the folder, and names are lower case
  work = join(lab, `optimize-${process.pid}`);
  mkdirSync(work);
  store = new OverlayStore(join(work, "store"));
});
afterAll(() => {
  if (!isQuick)
    for (const engine of ["docker20", "docker28", "docker28c"]) script("engine.sh", "stop", engine);
  store?.remove();
  rmSync(work, { recursive: true, force: true });
});

async function look(path: string) {
  const image = await openImage(path, { verify: true });
  await image.close();
  return image;
}

/** What the layers above the first take, compressed as we do it. */
async function gzipBytes(path: string): Promise<number> {
  const image = await openImage(path);
  let sum = 0;
  for (const { index } of image.layers.slice(1)) {
    const { handle, offset, size } = await image.source.blob(index);
    const bytes = Buffer.alloc(size);
    await handle.read(bytes, 0, size, offset);
    sum += gzipSync(bytes, { level: 6 }).length;
  }
  await image.close();
  return sum;
}

test("the part outside of the base shrinks by at least 70 % at the same level, base and history stay", async () => {
  const small = join(work, "small.tar");
  optimize(archive, small, "--recompress", "gzip:6");
  const [a, b] = [await look(archive), await look(small)];
  // the same level on both sides: what the builder wrote is not what we write
  const before = await gzipBytes(archive);
  const after = b.layers.slice(1).reduce((sum, layer) => sum + layer.compressedBytes, 0);
  const saved = 1 - after / before;
  console.log(`outside of the base: ${before} → ${after} bytes, ${(saved * 100).toFixed(1)} % less`);
  expect(saved).toBeGreaterThanOrEqual(0.7);
  expect(b.layers[0]!.digest).toBe(a.layers[0]!.digest);
  expect(b.config.history?.length).toBe(a.config.history?.length);
});

test("umoci and the kernel's overlay see no difference", () => {
  const [before, after] = [join(work, "before"), join(work, "after")];
  run("skopeo", "copy", "--quiet", `oci-archive:${gzip}`, `oci:${before}:lab`);
  optimize(before, after);
  const bundle = join(work, "bundle");
  const umoci = seenByUmoci(before, bundle);
  expect(umoci).not.toHaveProperty("error");
  expect(differences(umoci, seenByUmoci(after, bundle))).toEqual([]);
  const overlay = store!.seen(before);
  expect(overlay).not.toHaveProperty("error");
  expect(differences(overlay, store!.seen(after))).toEqual([]);
  expect((overlay as string[]).length).toBeGreaterThan(2000);
});

test("what is written loads in the tools of each form", () => {
  const made = (form: string, suffix = ".tar") => {
    const path = join(work, `${form}-load${suffix}`);
    optimize(archive, path, "--to", form);
    return path;
  };
  const buildah = (...args: string[]) =>
    run(
      "buildah",
      "--root",
      join(work, "b"),
      "--runroot",
      join(work, "br"),
      "--storage-driver",
      "overlay",
      ...args,
    );
  const layout = made("oci", "");
  const tag = (
    JSON.parse(readFileSync(join(layout, "index.json"), "utf8")) as {
      manifests: { annotations: Record<string, string> }[];
    }
  ).manifests[0]!.annotations["org.opencontainers.image.ref.name"]!;
  run("umoci", "stat", "--image", `${layout}:${tag}`);
  run("skopeo", "inspect", `oci:${layout}:${tag}`);
  buildah("pull", "--quiet", `oci:${layout}:${tag}`);
  const ociArchive = made("oci-archive");
  run("skopeo", "inspect", `oci-archive:${ociArchive}:${tag}`);
  buildah("pull", "--quiet", `oci-archive:${ociArchive}:${tag}`);
  const [docker, hybrid] = [made("docker-archive"), made("hybrid")];
  for (const path of [docker, hybrid]) {
    run("skopeo", "inspect", `docker-archive:${path}`);
    buildah("pull", "--quiet", `docker-archive:${path}`);
  }
  const container = buildah(
    "from",
    "--pull-never",
    buildah("images", "--quiet").trim().split("\n")[0]!,
  ).trim();
  // the container's own processes see what was left, and nothing else
  const out = buildah(
    "run",
    "--isolation",
    "chroot",
    container,
    "--",
    "sh",
    "-c",
    "ls /srv/data | wc -l; stat -c %u /srv/data/f0; ls /usr/bin/gcc || true",
  );
  expect(out.trim().split("\n")).toEqual(["20", "1000"]);
  buildah("umount", container);
  buildah("rm", container);
  spawnSync("umount", [join(work, "b/overlay")]);
});

test.skipIf(isQuick)(
  "both Docker engines and podman load docker-archive and hybrid, and start a container",
  () => {
    script("current.sh");
    const client = join(lab, "engines/docker28/usr/bin/docker");
    for (const [form, compression] of [
      ["docker-archive", "none"],
      ["hybrid", "none"],
      ["hybrid", "gzip"],
    ] as const) {
      const path = join(work, `engine-${form}-${compression}.tar`);
      optimize(archive, path, "--to", form, "--recompress", compression, "--recompress-base");
      for (const engine of ["docker20", "docker28", "docker28c"]) {
        script("engine.sh", "start", engine);
        const host = ["--host", `unix://${lab}/run/${engine}/docker.sock`];
        const loaded = run(client, ...host, "load", "--quiet", "--input", path);
        const name = /Loaded image(?: ID)?: (\S+)/.exec(loaded)![1]!;
        const id = run(client, ...host, "create", name, "true").trim();
        const list = execFileSync(
          "sh",
          ["-c", `"${client}" ${host.join(" ")} export ${id} | tar -t | grep -c srv/data/f`],
          { encoding: "utf8" },
        );
        expect(Number(list)).toBe(20);
        run(client, ...host, "rm", id);
      }
      run(
        "podman",
        "--root",
        join(work, "p"),
        "--runroot",
        join(work, "pr"),
        "--storage-driver",
        "overlay",
        "load",
        "--quiet",
        "--input",
        path,
      );
    }
    spawnSync("umount", [join(work, "p/overlay")]);
  },
);
