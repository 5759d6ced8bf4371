/** What is said of layers in a manifest that is written anew. */
import { expect, test } from "vitest";
import { asDiffId } from "../../src/image/digest.ts";
import { parseConfig } from "../../src/image/sources/image-config.ts";
import { manifestOf, type NewLayer } from "../../src/image/writing/documents.ts";

const docker = "application/vnd.docker";
const digest = (n: number) => asDiffId(`sha256:${String(n).repeat(64)}`);

test("Docker's manifest becomes an OCI one for the first layer in zstd; what says where foreign layers are stays", () => {
  const foreign = {
    mediaType: `${docker}.image.rootfs.foreign.diff.tar.gzip`,
    digest: digest(1),
    size: 5,
    urls: ["https://example.com/layer"],
  };
  const kept = {
    mediaType: `${docker}.image.rootfs.diff.tar.gzip`,
    digest: digest(2),
    size: 6,
    annotations: { a: "b" },
  };
  const old = { mediaType: kept.mediaType, digest: digest(3), size: 7 };
  const manifest = {
    schemaVersion: 2,
    mediaType: `${docker}.distribution.manifest.v2+json`,
    config: { mediaType: `${docker}.container.image.v1+json`, digest: digest(4), size: 8 },
    layers: [foreign, kept, old],
  };
  const layer = (from: number, changed: boolean): NewLayer => ({
    from,
    digest: manifest.layers[from]!.digest,
    diffId: digest(9),
    size: manifest.layers[from]!.size,
    compression: changed ? "zstd" : "gzip",
    changed,
  });
  const raw = Buffer.from('{"os":"linux","architecture":"amd64","rootfs":{"diff_ids":[]}}');
  const { bytes, mediaType } = manifestOf(
    {
      config: raw,
      configDigest: digest(4),
      parsed: parseConfig(raw, "config"),
      layers: [layer(0, false), layer(1, false), layer(2, true)],
      tags: [],
    },
    { manifest: { bytes: Buffer.from(JSON.stringify(manifest)), mediaType: manifest.mediaType } },
  );
  expect(mediaType).toBe("application/vnd.oci.image.manifest.v1+json");
  expect((JSON.parse(String(bytes)) as typeof manifest).layers).toEqual([
    { ...foreign, mediaType: "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip" },
    { ...kept, mediaType: "application/vnd.oci.image.layer.v1.tar+gzip" },
    { ...old, mediaType: "application/vnd.oci.image.layer.v1.tar+zstd" },
  ]);
});
