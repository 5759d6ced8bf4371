import type { Evidence, ImageView } from "../../src/engine/contract.ts";
import { maskSecrets } from "../knowledge/secrets.ts";

/** The instruction kinds whose advice differs; undefined when neither the Dockerfile nor the history tells. */
export type MadeBy = "RUN" | "COPY" | "ADD" | "WORKDIR" | undefined;

/** Characters of a recorded command that a message shows. */
const SHOWN = 40;

const METADATA =
  /^(?:ARG|CMD|ENTRYPOINT|ENV|EXPOSE|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|SHELL|STOPSIGNAL|USER|VOLUME)\b/;

/**
 * What a message calls a layer: `line 7`, `layer 3 (probably line 7)` for a guess, `the layer of lines 3 to 9` for a
 * stage in one layer, `layer 3 (RUN apt-get …)` without a Dockerfile, `the base image` below the base boundary. Layers
 * count from 0, as in every output. It is singular in every case.
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
  // `none` comes without an instruction, which was dealt with above
  if (origin.certainty === "guessed") {
    const lines = many ? `lines ${first.line} to ${last.line}` : `line ${first.line}`;
    return `layer ${layer} (probably ${lines})`;
  }
  return many ? `the layer of lines ${first.line} to ${last.line}` : `line ${first.line}`;
}

/** Several layers as one phrase: `lines 7, 9 and 12`, or their names joined. */
export function layerNames(view: ImageView, layers: readonly number[]): string {
  const names = layers.map((layer) => layerName(view, layer));
  const lines = names.map((name) => /^line (\d+)$/.exec(name)?.[1]);
  if (names.length > 1 && lines.every((line) => line !== undefined)) return `lines ${list(lines)}`;
  return list(names);
}

/** `a`, `a and b`, `a, b and c`. */
export function list(words: readonly (string | undefined)[]): string {
  if (words.length < 2) return words[0] ?? "";
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** The kind of instruction that made a layer: from the linked instruction, else from its history entry. */
export function madeBy(view: ImageView, layer: number): MadeBy {
  const origin = view.origins.layers[layer];
  const many = origin?.lastInstruction !== undefined && origin.lastInstruction !== origin.instruction;
  if (origin === undefined || many) return undefined;
  const keyword =
    origin.instruction === undefined
      ? /^[A-Z]+/.exec(shortCommand(origin.createdBy ?? ""))?.[0]
      : origin.instruction.keyword;
  return keyword === "RUN" || keyword === "COPY" || keyword === "ADD" || keyword === "WORKDIR"
    ? keyword
    : undefined;
}

/** `both` as soon as one of the layers has a line, else `layers`. */
export function evidenceOf(view: ImageView, layers: Iterable<number>): Evidence {
  for (const layer of layers) {
    if (view.origins.layers[layer]?.instruction !== undefined) return "both";
  }
  return "layers";
}

/**
 * A `created_by` text as an instruction, cut short: without shell, build arguments (they may be secret) and content
 * hashes (history.md section 1). Empty when nothing is recorded.
 */
export function shortCommand(createdBy: string): string {
  // before anything is cut: the first half of a token is no token that a later look would know
  const text = maskSecrets(createdBy)
    .replace(/\s+/g, " ")
    .trim()
    .replace(/ # buildkit$/, "");
  const nop = /^(?:\S+ ){1,6}#\(nop\) +(.*)$/.exec(text)?.[1];
  if (nop !== undefined) return cut(nop.replace(/\b(file|dir|multi):[0-9a-f]{12,}/g, "$1").trim());
  const shell = /^(?:RUN )?(?:\|\d+ .*?)?\/\S*sh (?:-\S+ |pipefail )*?-\w*c (.*)$/.exec(text)?.[1];
  if (shell !== undefined) return cut(`RUN ${shell}`);
  if (/^(?:RUN )?\|\d+ /.test(text)) return "RUN …";
  return cut(text);
}

function cut(text: string): string {
  if (text.length <= SHOWN) return text;
  // Not between the halves of a surrogate pair.
  return `${text
    .slice(0, SHOWN - 1)
    .replace(/[\ud800-\udbff]$/, "")
    .trimEnd()}…`;
}
