/**
 * Finds what the base image sets for the instructions above it: SHELL, USER, WORKDIR, ENV and ONBUILD, from the
 * configuration of the base or from the image's own (docs/spec/history.md, section 2, step 3).
 */
import type { DockerfileView, Inherited } from "../build/build.ts";
import { pairsOf } from "../dockerfile/dockerfile.ts";
import type { ImageConfig } from "../image/image.ts";
import { readRecord } from "./history-record.ts";
import { fittingBases } from "./known-base.ts";
import type { OriginFacts, OriginOptions } from "./origin-facts.ts";

/** Returns what the base sets; undefined when neither a base nor an image is given. */
export function inheritedOf(
  view: DockerfileView,
  image: OriginFacts | undefined,
  options: OriginOptions = {},
): Inherited | undefined {
  const bases = image === undefined ? (options.bases ?? []) : fittingBases(image, options.bases ?? []);
  // several images in one archive: which of them is the base is not known
  const [base] = bases;
  if (base !== undefined && bases.length === 1) return fromBase(base);
  return image === undefined ? undefined : fromImage(view, image.config);
}

function fromBase({ shell, user, workingDir, env, onBuild }: ImageConfig): Inherited {
  return {
    shell,
    user: user === "" ? "root" : user,
    workdir: workingDir === "" ? "/" : absolute(workingDir),
    env: env.map(splitPair),
    triggers: onBuild,
  };
}

/**
 * Reads what the base sets from the image built on it. An instruction that the Dockerfile has N times made the last N
 * entries of its keyword, and the one before them is the base's; without such an instruction the image still has the
 * base's value. The base's ONBUILD is no longer in its configuration.
 */
function fromImage(
  view: DockerfileView,
  { shell, user, workingDir, env, history = [] }: ImageConfig,
): Inherited {
  const records = history.map(readRecord);
  const own = (keyword: string) => view.steps.filter((step) => step.keyword === keyword).length;
  const before = (keyword: string) =>
    records
      .filter((record) => record.keyword === keyword)
      .at(-own(keyword) - 1)
      ?.text.trim();
  const userBefore = before("USER");
  const set = new Set(
    view.steps
      .flatMap(({ instruction }) => (instruction.keyword === "ENV" ? pairsOf(instruction) : []))
      .map(({ name }) => name),
  );
  return {
    shell: own("SHELL") === 0 ? shell : words(before("SHELL")),
    user: own("USER") === 0 ? user || "root" : userBefore?.includes("$") === true ? undefined : userBefore,
    workdir: own("WORKDIR") === 0 ? absolute(workingDir || "/") : absolute(before("WORKDIR") ?? ""),
    // a name with a variable may be any
    env: [...set].some((name) => name.includes("$"))
      ? []
      : env.map(splitPair).filter(([name]) => !set.has(name)),
    triggers: [],
  };
}

function absolute(path: string): string | undefined {
  return path.startsWith("/") && !path.includes("$") ? path : undefined;
}

function splitPair(pair: string): [name: string, value: string] {
  const at = pair.indexOf("=");
  return at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
}

/** Reads the words of a recorded SHELL: `[/bin/bash -o pipefail -c]`, or the JSON of the Dockerfile. */
function words(recorded: string | undefined): string[] | undefined {
  if (recorded === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(recorded);
    if (Array.isArray(parsed) && parsed.every((word) => typeof word === "string")) return parsed;
  } catch {
    // Docker records the words without quotes
  }
  const found = /^\[([^\]]*)\]$/
    .exec(recorded)?.[1]
    ?.split(" ")
    .filter((word) => word !== "");
  return found === undefined || found.length === 0 ? undefined : found;
}
