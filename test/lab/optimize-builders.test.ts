/** optimize on what each builder makes: nothing is refused, the dead bytes go, and runtimes see what they saw. */
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { onlyImage } from "../support/command.ts";
import { cases, type Builder, type Case } from "./cases.ts";
import { engines, imagesOfCase, isQuick, lab, layerlint, run, script } from "./lab.ts";
import { differences, OverlayStore, seenByUmoci } from "./runtimes.ts";

/** Those in which bytes die above the base. */
const dying = new Set(["apt-lists", "chown", "copy-then-remove", "purge", "rewritten", "secret"]);
const chosen = (isQuick ? cases.slice(0, 4) : cases).filter(({ base }) => !isQuick || base === "busybox");
/** A Debian image takes its time, and podman writes as buildah does, the engines as each other. */
const buildersOf = (one: Case): readonly Builder[] => {
  if (isQuick) return ["buildah"];
  const some: readonly Builder[] = ["buildah", "docker20-classic", "docker28c"];
  return one.base === "busybox" ? one.builders : one.builders.filter((builder) => some.includes(builder));
};

interface Report {
  readonly storedBytesBefore: number;
  readonly storedBytesAfter: number;
  readonly layers: readonly {
    readonly action: "keep" | "rewrite" | "remove";
    readonly why?: { readonly code: string };
    readonly droppedBytes?: number;
  }[];
  readonly proof: { readonly rootfsDigest: string; readonly names: number };
}

let work: string;
let store: OverlayStore;
beforeAll(() => {
  script("tools.sh", isQuick ? "quick" : "all");
  if (!isQuick) script("current.sh");
  script("bases.sh", ...new Set(chosen.map(({ base }) => base)));
  work = join(lab, `builders-${process.pid}`);
  mkdirSync(work);
  store = new OverlayStore(join(work, "store"));
});
afterAll(() => {
  if (!isQuick) for (const engine of engines) script("engine.sh", "stop", engine);
  store.remove();
  rmSync(work, { recursive: true, force: true });
});

let count = 0;

function optimized(input: string, ...more: readonly string[]): { output: string; report: Report } {
  const output = join(work, `${count++}.tar`);
  const proof = `${output}.json`;
  const options = ["-o", output, "--to", "docker-archive", "--proof", proof, "--format", "json"];
  const report = onlyImage(layerlint("optimize", input, ...more, ...options)) as Report;
  const { rootfsDigest } = onlyImage(readFileSync(proof, "utf8")) as { rootfsDigest: string };
  expect(rootfsDigest).toBe(report.proof.rootfsDigest);
  return { output, report };
}

describe.each(chosen)("$name", (one) => {
  describe.each(buildersOf(one))("by %s", (builder) => {
    const dockerfile = join(import.meta.dirname, "cases", one.name, "Dockerfile");

    test("the overlay of the kernel, and umoci, see no difference", () => {
      const input = join(imagesOfCase(one, builder), "docker-archive.tar");
      const { output, report } = optimized(input, dockerfile);
      expect(report.layers[0]).toMatchObject({ action: "keep", why: { code: "base" } });
      // no builder writes anything that a rewrite must not touch
      for (const { why } of report.layers) expect(["base", "clean", undefined]).toContain(why?.code);
      const dropped = report.layers.reduce((sum, { droppedBytes = 0 }) => sum + droppedBytes, 0);
      console.log(
        `${one.name} by ${builder}: ${report.storedBytesBefore} → ${report.storedBytesAfter} bytes`,
      );
      if (dying.has(one.name)) expect(dropped).toBeGreaterThan(300);
      if (report.layers.every(({ action }) => action === "keep")) return rmSync(output);
      const before = store.seen(input);
      expect(before).not.toHaveProperty("error");
      expect((before as readonly string[]).length).toBeGreaterThan(250);
      expect(differences(before, store.seen(output))).toEqual([]);
      if (one.base === "busybox") {
        const [layout, now] = ["before", "after"].map((name) => join(work, name));
        run("skopeo", "copy", "--quiet", `docker-archive:${input}`, `oci:${layout}:lab`);
        run("skopeo", "copy", "--quiet", `docker-archive:${output}`, `oci:${now}:lab`);
        const bundle = join(work, "bundle");
        const umoci = seenByUmoci(layout!, bundle);
        expect(umoci).not.toHaveProperty("error");
        expect(differences(umoci, seenByUmoci(now!, bundle))).toEqual([]);
        for (const folder of [layout!, now!]) rmSync(folder, { recursive: true });
      }
      layerlint("compare", input, output);
      if (one.base !== "busybox") return rmSync(output);
      const more = ["--squash", "above-base", "--drop", "identical", "--repair", "--recompress", "gzip"];
      const squashed = optimized(input, dockerfile, ...more);
      expect(differences(before, store.seen(squashed.output))).toEqual([]);
      rmSync(squashed.output);
      // once more there is nothing to do
      const again = optimized(output, dockerfile);
      expect(new Set(again.report.layers.map(({ action }) => action))).toEqual(new Set(["keep"]));
      expect(readFileSync(again.output).equals(readFileSync(output))).toBe(true);
      for (const each of [output, again.output]) rmSync(each);
    });

    test.skipIf(one.base !== "busybox")("whatever archive it comes in, the same names are left", () => {
      const out = imagesOfCase(one, builder);
      const digests = readdirSync(out).map((archive) => {
        // not every Node.js writes zstd
        const { output, report } = optimized(join(out, archive), dockerfile, "--recompress", "none");
        rmSync(output);
        return `${report.proof.names} ${report.proof.rootfsDigest.length}`;
      });
      expect(digests.length).toBeGreaterThanOrEqual(4);
      expect(new Set(digests).size).toBe(1);
    });
  });
});
