/** Attestations, signatures and other artifacts of the old digest: said, and not carried over. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import {
  blobPart,
  descriptorOf,
  ociImage,
  ociLayout,
  sha256,
  sketchArchive,
  writeParts,
  type OciImage,
  type Part,
} from "../support/archive.ts";
import { layerlint } from "../support/command.ts";
import { freshPaths, testFolder } from "../support/folder.ts";
import { packSketches } from "../support/sketch.ts";

const manifestType = "application/vnd.oci.image.manifest.v1+json";
const indexType = "application/vnd.oci.image.index.v1+json";
const ref = "org.opencontainers.image.ref.name";

const folder = testFolder("referrers");
let image: OciImage;
let other: OciImage;
beforeAll(async () => {
  const compress = (layer: Buffer) => gzipSync(layer);
  image = ociImage({ layers: await packSketches(["base(9)", "a(5000)", ".wh.a k(1)"]), compress });
  other = ociImage({ layers: await packSketches(["other(9)"]), compress });
});

const fresh = freshPaths(folder);

interface Artifact {
  readonly manifest: { readonly mediaType: string; readonly digest: string; readonly size: number };
  readonly blobs: readonly Part[];
}

let artifacts = 0;
/** A manifest of something that is no image. */
function artifact(
  layerType: string,
  more: { config?: string; artifactType?: string; subject?: object } = {},
): Artifact {
  const { config = "application/vnd.oci.empty.v1+json", ...rest } = more;
  const content = JSON.stringify({ of: layerType, n: artifacts++ });
  const configuration = config.includes("image.config") ? '{"rootfs":{"diff_ids":["sha256:0"]}}' : "{}";
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: manifestType,
    ...rest,
    config: descriptorOf(configuration, config),
    layers: [descriptorOf(content, layerType)],
  });
  return {
    manifest: descriptorOf(manifest, manifestType),
    blobs: [configuration, content, manifest].map(blobPart),
  };
}

const tagged = (each: Artifact, name: string) => ({ ...each, entry: { annotations: { [ref]: name } } });
const simpleSigning = "application/vnd.dev.cosign.simplesigning.v1+json";
const imageConfig = "application/vnd.oci.image.config.v1+json";
const cosignTag = (suffix: string, { manifest } = image) => `${manifest.digest.replace(":", "-")}${suffix}`;

interface Output {
  readonly notCarriedOver: readonly { readonly kind: string; readonly name: string }[];
  readonly notices: readonly string[];
}

/** What the output leaves out, and whether it has one manifest only. */
async function leftOut(input: string, ...options: string[]): Promise<Output[]> {
  const output = fresh();
  const run = await layerlint([
    "optimize",
    input,
    "-o",
    output,
    "--to",
    "oci",
    "--format",
    "json",
    ...options,
  ]);
  expect([run.code, run.stderr]).toEqual([0, ""]);
  const index = JSON.parse(await readFile(join(output, "index.json"), "utf8")) as { manifests: unknown[] };
  expect(index.manifests).toHaveLength(1);
  return (JSON.parse(run.stdout) as { images: Output[] }).images;
}

async function layout(parts: readonly Part[]): Promise<string> {
  const path = fresh();
  await writeParts(path, parts);
  return path;
}

const kinds = (images: readonly Output[]) =>
  images.flatMap(({ notCarriedOver }) => notCarriedOver).map(({ kind, name }) => `${kind} ${name}`);

describe("in an OCI layout", () => {
  test("cosign's tags", async () => {
    const input = await layout(
      ociLayout([
        { ...image, entry: { annotations: { [ref]: "app:1" } } },
        tagged(artifact(simpleSigning, { config: imageConfig }), cosignTag(".sig")),
        tagged(
          artifact("application/vnd.dsse.envelope.v1+json", { config: imageConfig }),
          `example.org/app:${cosignTag(".att")}`,
        ),
        tagged(artifact("text/spdx+json"), cosignTag(".sbom")),
        // of an image that is not here
        tagged(artifact(simpleSigning), cosignTag(".sig", other)),
      ]),
    );
    const out = await leftOut(input);
    expect(kinds(out)).toEqual([
      `signature ${cosignTag(".sig")}`,
      `attestation app:${cosignTag(".att")}`,
      `sbom ${cosignTag(".sbom")}`,
    ]);
    expect(out[0]!.notices).toEqual([
      expect.stringMatching(
        /^1 attestation, 1 signature, 1 bill of materials of the old image \(sha256-.*…, app:sha256-.*…, sha256-.*…\) are not carried over: they refer to its digest; sign and attest the new image where you need it$/,
      ),
    ]);
  });

  test("manifests whose subject it is", async () => {
    const subject = image.manifest;
    const found = [
      artifact("application/jose+json", { config: "application/vnd.cncf.notary.signature", subject }),
      artifact("application/vnd.dev.sigstore.bundle.v0.3+json", {
        artifactType: "application/vnd.dev.sigstore.bundle.v0.3+json",
        subject,
      }),
      artifact("application/vnd.in-toto+json", {
        artifactType: "application/vnd.docker.attestation.manifest.v1+json",
        subject,
      }),
      artifact("application/vnd.cyclonedx+json", { subject }),
      artifact("application/x.thing", { subject }),
    ];
    const stranger = artifact("application/x.thing", { subject: other.manifest });
    const input = await layout(ociLayout([image, ...found, stranger]));
    expect(kinds(await leftOut(input))).toEqual(
      ["signature", "signature", "attestation", "sbom", "artifact"].map(
        (kind, i) => `${kind} ${found[i]!.manifest.digest}`,
      ),
    );
  });

  test("the list under the tag of its digest", async () => {
    const signature = artifact(simpleSigning, { subject: image.manifest });
    const list = JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests: [signature.manifest] });
    const listed = { manifest: descriptorOf(list, indexType), blobs: [blobPart(list), ...signature.blobs] };
    const input = await layout(ociLayout([image, tagged(listed, cosignTag(""))]));
    expect(kinds(await leftOut(input))).toEqual([`signature ${signature.manifest.digest}`]);
  });

  test("what cosign save marks", async () => {
    const marked = (each: Artifact | OciImage, kind: string) => ({
      ...each,
      entry: { annotations: { kind: `dev.cosignproject.cosign/${kind}` } },
    });
    const [sigs, atts] = [
      artifact(simpleSigning, { config: imageConfig }),
      artifact("application/vnd.dsse.envelope.v1+json"),
    ];
    const input = await layout(
      ociLayout([marked(image, "image"), marked(sigs, "sigs"), marked(atts, "atts")]),
    );
    expect(kinds(await leftOut(input))).toEqual([
      `signature ${sigs.manifest.digest}`,
      `attestation ${atts.manifest.digest}`,
    ]);
  });

  test("an attestation of BuildKit, and a signature of the index, reported once for all platforms", async () => {
    const attestation = artifact("application/vnd.in-toto+json", { config: imageConfig });
    const arm = ociImage({
      layers: await packSketches(["arm(9)", "b(5)"]),
      platform: { os: "linux", architecture: "arm64" },
    });
    const index = JSON.stringify({
      schemaVersion: 2,
      mediaType: indexType,
      manifests: [
        { ...image.manifest, platform: { os: "linux", architecture: "amd64" } },
        { ...arm.manifest, platform: { os: "linux", architecture: "arm64" } },
        {
          ...attestation.manifest,
          platform: { os: "unknown", architecture: "unknown" },
          annotations: {
            "vnd.docker.reference.type": "attestation-manifest",
            "vnd.docker.reference.digest": image.manifest.digest,
          },
        },
      ],
    });
    const whole = {
      manifest: descriptorOf(index, indexType),
      blobs: [blobPart(index), ...image.blobs, ...arm.blobs, ...attestation.blobs],
    };
    const signature = tagged(artifact(simpleSigning), cosignTag(".sig", whole));
    const input = await layout(ociLayout([whole, signature]));
    const [att, sig] = [
      `attestation ${attestation.manifest.digest}`,
      `signature ${cosignTag(".sig", whole)}`,
    ];
    expect(kinds(await leftOut(input, "--platform", "linux/amd64")).toSorted()).toEqual([att, sig]);
    expect(kinds(await leftOut(input, "--platform", "linux/arm64"))).toEqual([sig]);
    expect(kinds(await leftOut(input, "--platform", "all")).toSorted()).toEqual([att, sig]);
    const { stdout } = await layerlint(["optimize", input, "--dry-run", "--platform", "all"]);
    expect(stdout.match(/1 signature/g)).toHaveLength(1);
  });
});

describe("in a dir: image", () => {
  const dirParts = ({ manifest, blobs }: OciImage, name: string): Part[] =>
    blobs.map(({ path, content }) => ({
      path: path.endsWith(manifest.digest.slice(7)) ? name : path.slice(path.lastIndexOf("/") + 1),
      content,
    }));

  test("signature files", async () => {
    const input = await layout([
      ...dirParts(image, "manifest.json"),
      { path: "version", content: "Directory Transport Version: 1.1\n" },
      { path: "signature-1", content: "one" },
      { path: "signature-2", content: "two" },
    ]);
    const out = await leftOut(input);
    expect(kinds(out)).toEqual(["signature signature-1", "signature signature-2"]);
    expect(out[0]!.notices[0]).toMatch(
      /^2 signatures of the old image \(signature-1, signature-2\) are not carried over/,
    );
  });

  test("signature files of one of its platforms", async () => {
    const manifest = String(image.blobs.at(-1)!.content);
    const hex = sha256(manifest);
    const index = JSON.stringify({
      schemaVersion: 2,
      mediaType: indexType,
      manifests: [{ ...image.manifest, platform: { os: "linux", architecture: "amd64" } }],
    });
    const input = await layout([
      ...dirParts(image, `${hex}.manifest.json`),
      { path: "manifest.json", content: index },
      { path: "version", content: "Directory Transport Version: 1.1\n" },
      { path: "signature-1", content: "of the index" },
      { path: `${hex}.signature-1`, content: "of the platform" },
    ]);
    expect(kinds(await leftOut(input))).toEqual(["signature signature-1", `signature ${hex}.signature-1`]);
  });
});

test("an image without referrers has no notice", async () => {
  const path = fresh(".tar");
  await writeFile(path, await sketchArchive(["base(9)", "a(1)"]));
  for (const input of [path, await layout(ociLayout([image]))]) {
    const out = await leftOut(input);
    expect([out[0]!.notCarriedOver, out[0]!.notices]).toEqual([[], []]);
    expect((await layerlint(["optimize", input, "--dry-run"])).stdout).not.toContain("carried over");
  }
});
