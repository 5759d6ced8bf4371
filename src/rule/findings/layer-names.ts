/** Names of layers in messages. */
import { shortCreatedBy } from "../../origin/short-created-by.ts";
import { formatList } from "../../format.ts";
import type { ImageView } from "../../analysis/subject.ts";
import type { Evidence } from "../contract.ts";
import { maskSecrets } from "../../knowledge/secrets/secrets.ts";

/** Characters of a recorded command that a message shows. */
const SHOWN = 40;

const METADATA =
  /^(?:ARG|CMD|ENTRYPOINT|ENV|EXPOSE|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|SHELL|STOPSIGNAL|USER|VOLUME)\b/;

/**
 * Returns the name of a layer in a message: `line 7`, `layer 3 (probably line 7)` for a guess, `the layer of lines 3
 * to 9` for a stage in one layer, `layer 3 (RUN apt-get …)` without a Dockerfile, `the base image` below the base
 * boundary. Layers count from 0, as in every output. The name is always singular.
 */
export function layerName(view: ImageView, layer: number): string {
  const { origins } = view;
  const origin = origins.layers[layer];
  if (layer < origins.base.layers) return "the base image";
  const first = origin?.instruction;
  if (origin === undefined || first === undefined) {
    const recorded = origin?.createdBy === undefined ? "" : shortCommand(origin.createdBy);
    // buildah without --layers: one layer for a stage, recorded at its last instruction, which made no file
    if (METADATA.test(recorded)) return `layer ${layer} (all up to ${recorded})`;
    return recorded === "" ? `layer ${layer}` : `layer ${layer} (${recorded})`;
  }
  const last = origin.lastInstruction ?? first;
  const many = last.index !== first.index;
  if (origin.certainty === "guessed" || origin.certainty === "none") {
    const lines = many ? `lines ${first.line} to ${last.line}` : `line ${first.line}`;
    return `layer ${layer} (probably ${lines})`;
  }
  return many ? `the layer of lines ${first.line} to ${last.line}` : `line ${first.line}`;
}

/** Returns one phrase for several layers: `lines 7, 9 and 12`, or their names joined. */
export function layerNames(view: ImageView, layers: readonly number[]): string {
  const names = layers.map((layer) => layerName(view, layer));
  const lines = names.map((name) => /^line (\d+)$/.exec(name)?.[1]);
  if (names.length > 1 && lines.every((line) => line !== undefined)) return `lines ${formatList(lines)}`;
  return formatList(names);
}

/** Returns `both` if one of the layers has a line, else `layers`. */
export function evidenceOf(view: ImageView, layers: Iterable<number>): Evidence {
  for (const layer of layers) {
    if (view.origins.layers[layer]?.instruction !== undefined) return "both";
  }
  return "layers";
}

/** Shortens a `created_by` text to an instruction without shell, build arguments and content hashes. */
export function shortCommand(createdBy: string): string {
  // mask before cutting: half a token would no longer be recognized
  return cut(shortCreatedBy(maskSecrets(createdBy)).replace(/\b(file|dir|multi):[0-9a-f]{8}…/g, "$1"));
}

function cut(text: string): string {
  if (text.length <= SHOWN) return text;
  // do not split a surrogate pair
  return `${text
    .slice(0, SHOWN - 1)
    .replace(/[\ud800-\udbff]$/, "")
    .trimEnd()}…`;
}
