/** Tells whether an ADD does what COPY does: it neither downloads nor unpacks. */
import type { CopyStep } from "../../build/build.ts";

/** URLs, archives, and patterns that an archive may match. */
const ADDED =
  /^(?:https?|ftp|git|ssh):|^git@|\.(?:tar(?:\.\w+)?|tgz|tbz2?|txz|tzst|gz|bz2|xz|zst)$|^[^/]*\*$/i;
const ONLY_ADD = new Set(["checksum", "keep-git-dir", "unpack"]);
const FOLDER = /(?:^|\/)\.?$/;
const TEXT =
  /\.(?:sh|py|js|ts|json|txt|ya?ml|toml|ini|cfg|conf|md|html|css|sql|xml|php|rb|pl|pem|key|crt|properties|service|lock)$/i;

export interface PlainAdd {
  readonly sources: readonly string[];
  /** A source that is an archive only if its name is misleading. */
  readonly doubtful: string | undefined;
}

/** Returns the sources of an ADD that does what COPY does; undefined where it may do more. */
export function plainAdd({ instruction }: CopyStep): PlainAdd | undefined {
  const { words, flags, heredocs } = instruction;
  const sources = words.slice(0, -1).map(({ value }) => value);
  if (sources.length === 0 || sources.some((each) => ADDED.test(each) || each.includes("$")))
    return undefined;
  if (flags.some(({ name }) => ONLY_ADD.has(name))) return undefined;
  const isHeredoc = (word: string) => heredocs.length > 0 && word.startsWith("<<");
  const doubtful = sources.find((each) => !(isHeredoc(each) || FOLDER.test(each) || TEXT.test(each)));
  return { sources, doubtful };
}
