/** Chooses one of the images of a source by tag and platform. */
import { itemAt } from "../../must.ts";
import { UserError } from "../../errors.ts";
import { formatPlatform, type Platform } from "../image.ts";
import type { Candidate } from "./candidate.ts";

export interface ImageChoice {
  readonly tag: string | undefined;
  readonly platform: string | undefined;
  /** Digest of the manifest; tag and platform are then ignored. */
  readonly manifest?: string | undefined;
}

/** A candidate with its platform: from the index, or from the configuration when the index does not state it. */
export interface Placed {
  readonly candidate: Candidate;
  readonly platform: Platform;
}

/**
 * Chooses one image by tag, then by platform. The default is the host's platform if it is complete, else the only
 * complete one. Throws `UserError` listing the tags or platforms that exist.
 */
export function choose(name: string, found: readonly Placed[], choice: ImageChoice, host: Platform): Placed {
  const named = found.find(
    ({ candidate }) => choice.manifest !== undefined && candidate.digest === choice.manifest,
  );
  if (named !== undefined) return complete(name, named);
  const group = chooseGroup(name, found, choice.tag);
  if (choice.platform !== undefined)
    return complete(name, choosePlatform(name, group, parsePlatform(choice.platform)));
  if (group.length === 1) return complete(name, itemAt(group, 0));
  const whole = group.filter(({ candidate }) => candidate.missing.length === 0);
  const own = bestFor(whole, host);
  if (own !== undefined) return own;
  if (whole.length === 1) return itemAt(whole, 0);
  if (whole.length === 0)
    throw new UserError(
      `${name}: no platform of the image is complete: ${platformList(group)}; save it again`,
    );
  throw new UserError(`${name}: holds several platforms; choose one with --platform: ${platformList(group)}`);
}

/** Returns all platforms of one image. Throws `UserError` when none is complete. */
export function choosePlatforms(
  name: string,
  found: readonly Placed[],
  tag: string | undefined,
): { readonly whole: readonly Placed[]; readonly incomplete: readonly Placed[] } {
  const group = chooseGroup(name, found, tag);
  const whole = group.filter(({ candidate }) => candidate.missing.length === 0);
  const [first] = group;
  if (whole.length === 0 && first !== undefined) complete(name, first);
  return { whole, incomplete: group.filter((placed) => !whole.includes(placed)) };
}

function chooseGroup(name: string, found: readonly Placed[], tag: string | undefined): Placed[] {
  const groups = new Map<string, Placed[]>();
  for (const item of found)
    groups.set(item.candidate.group, [...(groups.get(item.candidate.group) ?? []), item]);
  const all = [...groups.values()];
  if (tag === undefined) {
    if (all.length === 1 || isOneImage(found)) return [...found];
    throw new UserError(`${name}: holds ${all.length} images; choose one with --tag: ${tagList(all)}`);
  }
  const matching = all.filter((group) => group.some(({ candidate }) => hasTag(candidate, tag)));
  if (matching.length === 1 || (matching.length > 1 && isOneImage(matching.flat()))) return matching.flat();
  const what =
    matching.length === 0 ? `has no image tagged ${tag}` : `has several images that --tag ${tag} could mean`;
  throw new UserError(`${name}: ${what}; there is ${tagList(all)}`);
}

/**
 * Returns true for an index that lists the platforms of one image directly, without a nested index: all untagged, or
 * all with the same tag.
 */
function isOneImage(found: readonly Placed[]): boolean {
  const platforms = new Set(found.map(({ platform }) => formatPlatform(platform)));
  const tags = new Set(found.map(({ candidate }) => candidate.tags.toSorted().join(" ")));
  return platforms.size === found.length && tags.size === 1;
}

/**
 * Matches a tag: `app:1` also matches `docker.io/library/app:1` and `localhost/app:1`; `1` matches any image with
 * that tag; a digest or image ID works as well.
 */
function hasTag(candidate: Candidate, wanted: string): boolean {
  const digests = [candidate.digest, candidate.config?.digest, candidate.config?.path].filter(
    (d) => d !== undefined,
  );
  if (/^(sha256:)?[0-9a-f]{6,64}$/.test(wanted)) {
    const hex = wanted.replace(/^sha256:/, "");
    if (digests.some((digest) => digest.replace(/^.*[:/]/, "").startsWith(hex))) return true;
  }
  const full = /:[^/]+$/.test(wanted) ? wanted : `${wanted}:latest`;
  return candidate.tags.some((tag) =>
    [wanted, full].some((form) => tag === form || tag.endsWith(`/${form}`) || tag.endsWith(`:${form}`)),
  );
}

function tagList(groups: readonly (readonly Placed[])[]): string {
  return groups
    .map((group) => {
      const { candidate } = itemAt(group, 0);
      const id = (candidate.digest ?? candidate.config?.path ?? "").replace(/^.*[:/]/, "").slice(0, 12);
      return candidate.tags.length > 0 ? candidate.tags.join(" = ") : `${id} (no tag)`;
    })
    .join(", ");
}

function choosePlatform(name: string, group: readonly Placed[], wanted: Platform): Placed {
  const best = bestFor(group, wanted);
  if (best !== undefined) return best;
  throw new UserError(`${name}: has no image for ${formatPlatform(wanted)}; there is ${platformList(group)}`);
}

/** Returns the exact variant, or for 32-bit arm the next older one. */
function bestFor(group: readonly Placed[], wanted: Platform): Placed | undefined {
  const fitting = group.filter(
    ({ platform }) => platform.os === wanted.os && platform.architecture === wanted.architecture,
  );
  const variant = (platform: Platform) =>
    platform.variant ??
    (platform.architecture === "arm64" ? "v8" : platform.architecture === "arm" ? "v7" : "");
  if (wanted.architecture === "arm") {
    const older = fitting
      .filter(({ platform }) => wanted.variant === undefined || variant(platform) <= wanted.variant)
      .toSorted((a, b) => (variant(a.platform) < variant(b.platform) ? 1 : -1));
    return older[0];
  }
  if (wanted.variant === undefined)
    return fitting.find(({ platform }) => platform.variant === undefined) ?? fitting[0];
  return fitting.find(({ platform }) => variant(platform) === variant(wanted));
}

function complete(name: string, chosen: Placed): Placed {
  const { missing } = chosen.candidate;
  if (missing.length === 0) return chosen;
  const more = missing.length > 1 ? ` and ${missing.length - 1} more` : "";
  const which = chosen.platform.architecture === "unknown" ? "" : ` for ${formatPlatform(chosen.platform)}`;
  throw new UserError(
    `${name}: the image${which} is incomplete: ${missing[0]}${more} missing; save it again`,
  );
}

function platformList(group: readonly Placed[]): string {
  return group
    .map(
      ({ candidate, platform }) =>
        `${formatPlatform(platform)}${candidate.missing.length > 0 ? " (incomplete)" : ""}`,
    )
    .join(", ");
}

function parsePlatform(text: string): Platform {
  const [os, architecture, variant, ...rest] = text.trim().toLowerCase().split("/");
  if (!os || !architecture || rest.length > 0)
    throw new UserError(`--platform ${text}: write os/arch or os/arch/variant, such as linux/arm64`);
  const names: Readonly<Record<string, string>> = {
    x86_64: "amd64",
    aarch64: "arm64",
    armhf: "arm",
    i386: "386",
  };
  return { os, architecture: names[architecture] ?? architecture, ...(variant ? { variant } : {}) };
}

/** Returns the platform that Docker runs by default: Linux, also on macOS and Windows. */
export function hostPlatform(arch: string): Platform {
  const names: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386" };
  return { os: "linux", architecture: names[arch] ?? arch };
}
