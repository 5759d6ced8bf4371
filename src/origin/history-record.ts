/** Parses a history entry into the instruction that made it (docs/spec/history.md, section 1). */
import type { HistoryEntry } from "../image/image.ts";

/** `keyword`: BuildKit, kaniko: `RUN …`. `nop`: `/bin/sh -c #(nop) COPY …`. `shell`: the bare command line of a RUN. */
type RecordStyle = "keyword" | "nop" | "shell" | "other";

export interface HistoryRecord {
  readonly style: RecordStyle;
  /** Upper case; undefined if the entry is not from a Dockerfile. */
  readonly keyword: string | undefined;
  /** Text after the keyword; for `shell` the whole command line. Suffixes that the builder adds are removed. */
  readonly text: string;
  /** True for the classic builder: two blanks after `#(nop)`, except before COPY, ADD and WORKDIR. */
  readonly isClassic: boolean;
  readonly emptyLayer: boolean;
  readonly comment: string;
}

const keywords =
  "ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|FROM|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|RUN|SHELL|STOPSIGNAL|USER|VOLUME|WORKDIR";
const byKeyword = new RegExp(`^(${keywords})(?:\\s([^]*))?$`);
/** Kaniko records the line of the Dockerfile; elsewhere, lower case is a program of that name (`env`, `add`). */
const byAnyKeyword = new RegExp(byKeyword, "i");
/** Buildah records keywords as the Dockerfile has them. */
const byNop = new RegExp(`^[^]*?#\\(nop\\)(\\s+)(${keywords})(?:\\s([^]*))?$`, "i");
const buildahSuffix =
  /(?:\|(?:unsetLabel=[^|]*|inheritLabels=false|force-mtime=[^|]*|clamp-mtime=[^|]*))+\s*$/;

export function readRecord(entry: HistoryEntry): HistoryRecord {
  const createdBy = entry.createdBy ?? "";
  const comment = entry.comment ?? "";
  const shared = { emptyLayer: entry.emptyLayer, comment };
  const nop = byNop.exec(createdBy);
  if (nop !== null) {
    const [, blank, keyword = "", text = ""] = nop;
    const isClassic = blank === "  ";
    return {
      ...shared,
      style: "nop",
      keyword: keyword.toUpperCase(),
      text: text.replace(buildahSuffix, ""),
      isClassic,
    };
  }
  const named = (entry.author === "kaniko" ? byAnyKeyword : byKeyword).exec(createdBy);
  if (named !== null) {
    const [, keyword = "", text = ""] = named;
    return {
      ...shared,
      style: "keyword",
      keyword: keyword.toUpperCase(),
      text: text.replace(/ ?# buildkit\s*$/, ""),
      isClassic: false,
    };
  }
  // a distribution's note (`# debian.sh …`, `BusyBox 1.35`), bazel, nix, apko …: a RUN always begins with a program
  const isCommand = /^(?:\|\d+ |\/|[a-z])/.test(createdBy) && !isOtherTool(createdBy, comment, entry.author);
  const text = createdBy.replace(buildahSuffix, "");
  return {
    ...shared,
    style: isCommand ? "shell" : "other",
    keyword: isCommand ? "RUN" : undefined,
    text,
    isClassic: false,
  };
}

function isOtherTool(createdBy: string, comment: string, author: string | undefined): boolean {
  return (
    /^(?:bazel build|ko build|jib-|apko$|apko )/.test(createdBy) ||
    /^(?:store paths:|debuerreotype|Imported from|merge sha)/.test(comment) ||
    author === "apko" ||
    author === "Jib" ||
    author === "ko"
  );
}

/** Returns true for an entry of BuildKit or kaniko, which record the text of the Dockerfile. */
export function isBuildKit(record: HistoryRecord): boolean {
  return record.style === "keyword" && record.comment.startsWith("buildkit.");
}
