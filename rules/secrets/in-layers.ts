/** Files with secrets in any layer, readable whether a later layer deletes them or not. */
import {
  formatBytes,
  showPath,
  toText,
  type Entry,
  type Finding,
  type ImageView,
  type Place,
} from "../../src/engine/contract.ts";
import { mayHoldSecret, secretInFile, type SecretInFile } from "../knowledge/secrets/files.ts";
import { evidenceOf, layerName } from "../layers/naming.ts";

/** One file, which may stand in several layers: a `chmod` copies it. */
interface Hit {
  readonly entry: Entry;
  readonly secret: SecretInFile;
  readonly layers: number[];
  /** The layer after which containers do not see it any more; undefined while one of its copies is live. */
  gone: number | undefined;
}

export function* secretsInLayers(view: ImageView): Iterable<Finding> {
  const hits = new Map<string, Hit>();
  for (const layer of view.image.layers) {
    for (const [entry, bytes] of layer.kept) {
      if (!mayHoldSecret(entry.path, entry.size)) continue;
      const secret = secretInFile(
        entry.path,
        Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""),
      );
      if (secret === undefined) continue;
      const key = `${entry.path}\0${secret.name}`;
      const hit = hits.get(key);
      if (hit === undefined) hits.set(key, { entry, secret, layers: [layer.index], gone: undefined });
      else hit.layers.push(layer.index);
    }
  }
  if (hits.size === 0) return;
  const live = new Set(view.rootfs.live.flatMap(({ paths }) => paths));
  const killers = new Map(view.rootfs.deaths.map(({ path, killedIn }) => [path, killedIn]));
  for (const hit of hits.values()) {
    if (!live.has(hit.entry.path)) hit.gone = killers.get(hit.entry.path);
    yield findingOf(view, hit);
  }
}

function findingOf(view: ImageView, { entry, secret, layers, gone }: Hit): Finding {
  const [first = 0] = layers;
  const inBase = first < view.origins.base.layers;
  const where = layerName(view, first);
  const what = `${secret.name}${secret.harmless === undefined ? "" : ` (${secret.harmless})`}`;
  const file = `${showPath(entry.path)} (${formatBytes(entry.size)})`;
  const message =
    gone === undefined
      ? `${where} puts ${what} into the image: ${file}`
      : `${where} added ${what}, ${file}, deleted by ${layerName(view, gone)}, still readable in the layer of ${where}`;
  const places: Place[] = layers.map((layer, i) => ({
    layer,
    path: entry.path,
    label: i === 0 ? "added here" : "copied here",
  }));
  if (gone !== undefined) places.push({ layer: gone, path: entry.path, label: "deleted here" });
  return {
    message,
    advice: adviceFor(toText(entry.path), inBase),
    evidence: evidenceOf(view, [first]),
    ...(inBase
      ? { severity: "info" as const }
      : secret.harmless === undefined
        ? {}
        : { severity: "warning" as const }),
    places,
  };
}

function adviceFor(path: string, inBase: boolean): string {
  if (inBase) return "The base image brings it: tell who maintains it, or use another base image.";
  if (/ssh_host_\w+_key$/.test(path)) {
    return "All containers of this image share one host key. Delete it in the RUN that installs the server, and make a new one when a container starts.";
  }
  return "Everybody who can pull the image can read it, also where a later line deletes it: revoke it, then give it to the build with RUN --mount=type=secret, or to the container when it starts.";
}
