/**
 * What optimize writes, in every form and compression, in the tools that read it: they load it, and a container of it
 * sees what one of the input sees.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { random } from "./content.ts";
import {
  command,
  engines,
  imagesOf,
  isQuick,
  lab,
  layerlint,
  optimizedDebian,
  project,
  run,
  script,
} from "./lab.ts";
import { Buildah, Docker, Podman, type Loader } from "./loaders.ts";

/** Writes zstd. */
const node22 = join(lab, "node22/bin/node");
/** Hardlinks of which one goes, a folder that changes its owner, files that die. */
const dockerfile = `FROM busybox:1.35
COPY data /srv/data
RUN chown -R 1000:1000 /srv/data
RUN ln /srv/data/f0 /srv/hard && ln -s hard /srv/soft && cp /srv/data/f1 /srv/gone && mkdir -m 0750 /opt && echo x > /opt/x
RUN rm -rf /srv/gone /srv/data/f0 /opt/x && echo made > /srv/done
`;

const forms = ["docker-archive", "hybrid", "oci-archive", "oci"] as const;
const compressions = ["none", "gzip", "zstd"] as const;
type Form = (typeof forms)[number];
type Compression = (typeof compressions)[number];

/** Names, kinds, modes, owners, sizes, times, targets and contents; what engines put into a container is left out. */
const look = `cd /
list() { find bin etc home opt root sbin srv tmp usr var -xdev "$@" 2>/dev/null; }
{
  list \\( -type f -o -type l \\) -exec stat -c '%N %f %u:%g %s %Y' {} +
  list -type d -exec stat -c '%n %f %u:%g' {} +
  list -type f -size -600k -exec sha256sum {} +
} | grep -vE "etc/(hosts|hostname|resolv.conf|mtab)" | sort`;

let work: string;
let input: string;
let buildah: Buildah;
const loaders: Loader[] = [];

beforeAll(() => {
  script("tools.sh", isQuick ? "quick" : "all");
  script("node22.sh");
  script("bases.sh", "busybox");
  if (!isQuick) script("current.sh");
  const images = imagesOf({ name: "optimize-loads", base: "busybox" }, "buildah", (context) => {
    writeFileSync(join(context, "Dockerfile"), dockerfile);
    mkdirSync(join(context, "data"));
    for (let i = 0; i < 4; i++) random(join(context, "data", `f${i}`), 300_000 + i);
  });
  input = join(images, "docker-archive.tar");
  work = join(lab, `loads-${process.pid}`);
  mkdirSync(work);
  buildah = new Buildah(join(work, "buildah"));
  if (isQuick) return;
  loaders.push(new Podman(join(work, "podman")));
  for (const engine of engines) loaders.push(new Docker(engine));
});
afterAll(() => {
  for (const loader of loaders) loader.stop();
  buildah.stop();
  rmSync(work, { recursive: true, force: true });
});

const seen = new Map<string, string>();

/** What containers of the input see, by tool. */
function once(tool: string, find: () => string): string {
  const known = seen.get(tool) ?? find();
  seen.set(tool, known);
  return known;
}

const made = new Set<string>();

function output(form: Form, compression: Compression): string {
  const path = join(work, form === "oci" ? `oci-${compression}` : `${form}-${compression}.tar`);
  if (!made.has(path)) {
    const how = ["--to", form, "--recompress", compression, "--recompress-base"];
    run(node22, command, "optimize", input, "-o", path, "--base", "1", ...how);
    made.add(path);
  }
  return path;
}

/** As skopeo and buildah name it: an index of several names is read by one of them. */
function sourceOf(form: Form, compression: Compression): string {
  const path = output(form, compression);
  if (form === "docker-archive" || form === "hybrid") return `docker-archive:${path}`;
  const index =
    form === "oci" ? readFileSync(join(path, "index.json"), "utf8") : run("tar", "-xOf", path, "index.json");
  const { manifests } = JSON.parse(index) as { manifests: { annotations: Record<string, string> }[] };
  return `${form}:${path}:${manifests[0]!.annotations["org.opencontainers.image.ref.name"]}`;
}

const matrix = forms.flatMap((form) => compressions.map((compression) => [form, compression] as const));

describe.each(matrix)("%s, %s", (form, compression) => {
  test("skopeo copies it, buildah pulls it and starts a container", () => {
    const source = sourceOf(form, compression);
    const copy = join(work, "copy");
    // every blob is read and compared with its digest
    run("skopeo", "copy", "--quiet", source, `dir:${copy}`);
    rmSync(copy, { recursive: true });
    const before = once("buildah", () => buildah.run(buildah.pull(`docker-archive:${input}`), look));
    expect(before.split("\n").length).toBeGreaterThan(250);
    expect(before).not.toContain("srv/gone");
    expect(buildah.run(buildah.pull(source), look)).toBe(before);
  });

  test.skipIf(form !== "oci")("umoci unpacks it, but for zstd, which it does not know", () => {
    const [, path, tag] = sourceOf(form, compression).split(":");
    const bundle = join(work, "bundle");
    const unpack = () => run("umoci", "unpack", "--image", `${path}:${tag}`, bundle);
    if (compression === "zstd") expect(unpack).toThrow(/blob is not correct mediatype/);
    else unpack();
    expect(existsSync(join(bundle, "rootfs/srv/hard"))).toBe(compression !== "zstd");
    rmSync(bundle, { recursive: true, force: true });
  });
});

/** What each of them does not read, with what it says. */
function refusal(engine: string, form: Form, compression: Compression): RegExp | undefined {
  // of an archive with several names it wants to be told one, which podman load cannot
  if (engine === "podman") return form === "oci-archive" ? /payload does not match/ : undefined;
  // only the store of containerd reads OCI archives
  if (form === "oci-archive" && engine !== "docker28c") return /no such file or directory/;
  // it takes zstd for a plain tar
  return compression === "zstd" && engine === "docker20" ? /invalid tar header|unexpected EOF/ : undefined;
}

const archives = matrix.filter(([form]) => form !== "oci");

test.skipIf(isQuick).each(archives)(
  "%s, %s: engines load it, and their containers see what those of the input see",
  (form, compression) => {
    const path = output(form, compression);
    for (const loader of loaders) {
      const before = once(loader.name, () => loader.run(loader.load(input), look));
      expect(before.split("\n").length).toBeGreaterThan(250);
      const wanted = refusal(loader.name, form, compression);
      if (wanted === undefined) expect(loader.run(loader.load(path), look), loader.name).toBe(before);
      else expect(() => loader.load(path), loader.name).toThrow(wanted);
    }
  },
);

test.skipIf(isQuick).each(compressions)(
  "an OCI layout, %s: podman pulls it and starts a container",
  (compression) => {
    const podman = loaders.find((loader) => loader instanceof Podman)!;
    const before = once("podman", () => podman.run(podman.load(input), look));
    for (const form of ["oci", "oci-archive"] as const) {
      podman.forget();
      const id = podman.call("pull", "--quiet", sourceOf(form, compression)).trim();
      expect(podman.run(id, look)).toBe(before);
    }
  },
);

test.skipIf(isQuick)("a Debian image, and one with merged layers", () => {
  script("bases.sh", "debian");
  const debian = join(optimizedDebian(), "docker-archive.tar");
  const written = (name: string, ...options: string[]) => {
    const path = join(work, name);
    layerlint("optimize", debian, "-o", path, "--base", "1", ...options);
    return path;
  };
  const hybrid = written("debian.tar", "--to", "hybrid", "--recompress", "gzip", "--recompress-base");
  const squashed = written("squashed.tar", "--squash", "above-base");
  for (const loader of loaders) {
    const before = loader.run(loader.load(debian), look);
    expect(before).toContain("srv/data/f19");
    if (loader.name === "podman") expect(loader.run(loader.load(squashed), look)).toBe(before);
    const name = loader.load(hybrid);
    expect(loader.run(name, look), loader.name).toBe(before);
    expect(loader.run(name, "python3 -c 'print(6 * 7)'; command -v gcc || true")).toBe("42\n");
  }
});

test("unit tests of what is written, under a Node.js that writes zstd", () => {
  const vitest = join(project, "node_modules/vitest/vitest.mjs");
  const files = [
    "test/image/compress.test.ts",
    "test/optimize/recompress.test.ts",
    "test/optimize/outputs.test.ts",
  ];
  const { status, stdout, stderr } = spawnSync(node22, [vitest, "run", ...files], {
    cwd: project,
    encoding: "utf8",
    // what this run says of itself is not for that one
    env: {
      ...process.env,
      VITEST: undefined,
      VITEST_POOL_ID: undefined,
      VITEST_WORKER_ID: undefined,
      NO_COLOR: "1",
    },
  });
  expect(status, stdout + stderr).toBe(0);
  expect(stdout).toMatch(/Tests +\d+ passed \(\d+\)/);
});
