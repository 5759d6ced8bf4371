/** Finds files with secrets in any layer; they are readable even if a later layer deletes them. */
import type { ImageView } from "../../analysis/subject.ts";
import { showPath, toText } from "../../byte-path.ts";
import { formatBytes } from "../../format.ts";
import type { Entry, Layer } from "../../image/image.ts";
import { mayHoldSecret, secretInFile, type SecretInFile } from "../../knowledge/secrets/secret-files.ts";
import { itemAt } from "../../must.ts";
import type { Cause, DeadFile } from "../../rootfs/rootfs.ts";
import type { Finding, SourceLocation } from "../contract.ts";
import { evidenceOf, layerName } from "./layer-names.ts";

/** Advice for a secret in the base image. */
export const baseAdvice = "The secret is in the base image: tell its maintainer, or use another base image.";

/** One file with one content, possibly in several layers, because a `chmod` copies it. */
export interface SecretFile {
  /** Its copies, lowest layer first. */
  readonly copies: { readonly layer: number; readonly entry: Entry }[];
  readonly secret: SecretInFile;
}

/** Returns all secret files of the layers whose contents were kept. */
export function secretFilesIn(layers: readonly Layer[]): SecretFile[] {
  const hits = new Map<string, { copies: { layer: number; entry: Entry }[]; secret: SecretInFile }>();
  for (const layer of layers) {
    for (const [entry, bytes] of layer.kept) {
      if (!mayHoldSecret(entry.path, entry.size)) continue;
      const text = byteText(bytes);
      const secret = secretInFile(entry.path, text);
      if (secret === undefined) continue;
      const key = `${entry.path}\0${text}`;
      const copy = { layer: layer.index, entry };
      const hit = hits.get(key);
      if (hit === undefined) hits.set(key, { copies: [copy], secret });
      else hit.copies.push(copy);
    }
  }
  return [...hits.values()];
}

/** Returns one character a byte. */
function byteText(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}

export function* secretsInLayers(view: ImageView): Iterable<Finding> {
  const hits = secretFilesIn(view.image.layers);
  if (hits.length === 0) return;
  const entries = new Set(hits.flatMap(({ copies }) => copies.map(({ entry }) => entry)));
  const deadFiles = view.rootfs.deadFiles.filter(({ entry }) => entries.has(entry));
  for (const hit of hits) {
    const last = hit.copies.at(-1);
    const gone = deadFiles.find(({ entry, addedIn }) => entry === last?.entry && addedIn === last.layer);
    yield findingOf(view, hit, gone);
  }
}

/** Makes the finding. `gone` is the dead file of the last copy; undefined while containers see it. */
function findingOf(view: ImageView, { copies, secret }: SecretFile, gone: DeadFile | undefined): Finding {
  const { layer: first, entry } = itemAt(copies, 0);
  const inBase = first < view.origins.base.layers;
  const where = layerName(view, first);
  const what = whatIs(secret);
  const file = `${showPath(entry.path)} (${formatBytes(entry.size)})`;
  const verb = gone === undefined ? "" : doneBy[gone.cause];
  const message =
    gone === undefined
      ? `${where} puts ${what} into the image: ${file}`
      : `${where} added ${what}, ${file}, ${verb} by ${layerName(view, gone.hiddenIn)}, still readable in the layer of ${where}`;
  const locations: SourceLocation[] = copies.map(({ layer }, i) => ({
    layer,
    path: entry.path,
    label: i === 0 ? "added here" : "copied here",
  }));
  if (gone !== undefined) locations.push({ layer: gone.hiddenIn, path: entry.path, label: `${verb} here` });
  return {
    message,
    advice: adviceFor(toText(entry.path), inBase),
    evidence: evidenceOf(view, [first]),
    ...(inBase || secret.isInfo === true
      ? { severity: "info" as const }
      : secret.harmless === undefined
        ? {}
        : { severity: "warning" as const }),
    locations,
  };
}

/** Describes a secret: `a private key (OPENSSH PRIVATE KEY)`, with the reason if it is harmless. */
export function whatIs({ name, harmless }: SecretInFile): string {
  return harmless === undefined ? name : `${name} (${harmless})`;
}

const doneBy: Readonly<Record<Cause, string>> = {
  deleted: "deleted",
  opaque: "hidden",
  replaced: "replaced",
  overwritten: "overwritten",
  "metadata-only": "overwritten",
  identical: "overwritten",
  "duplicate-entry": "overwritten",
  "aufs-metadata": "hidden",
};

function adviceFor(path: string, inBase: boolean): string {
  if (inBase) return baseAdvice;
  if (/ssh_host_\w+_key$/.test(path)) {
    return "All containers of this image share one host key. Delete it in the RUN that installs the server, and generate a new one when a container starts.";
  }
  return "Everybody who can pull the image can read it, even if a later line deletes it. Revoke it, then pass a new one to the build with RUN --mount=type=secret, or to the container when it starts.";
}
