/** Reads the package lists of dpkg and apt: installed packages, why, and how large (deb-control(5), apt-mark(8)). */

export interface DebPackage {
  readonly name: string;
  /** `Installed-Size`, in bytes. */
  readonly bytes: number;
  /** True if installed as a dependency, not by name. */
  readonly auto: boolean;
  /** Depends and Pre-Depends; each is a list of alternative names. */
  readonly depends: readonly (readonly string[])[];
  readonly provides: readonly string[];
  readonly essential: boolean;
}

/** Parses the packages; `status` is the text of /var/lib/dpkg/status, `states` of /var/lib/apt/extended_states. */
export function readPackages(status: string, states: string): DebPackage[] {
  const auto = new Set(
    paragraphs(states)
      .filter((fields) => fields.get("auto-installed") === "1")
      .map((fields) => fields.get("package") ?? ""),
  );
  return paragraphs(status)
    .filter((fields) => fields.get("status")?.endsWith(" installed") === true)
    .map((fields): DebPackage => {
      const name = fields.get("package") ?? "";
      const relations = [fields.get("depends"), fields.get("pre-depends")];
      return {
        name,
        bytes: Number(fields.get("installed-size") ?? 0) * 1024,
        auto: auto.has(name),
        depends: relations.flatMap((relation) => alternatives(relation ?? "")),
        provides: alternatives(fields.get("provides") ?? "").flat(),
        essential: fields.get("essential") === "yes",
      };
    });
}

/** Returns packages that are not needed: neither installed by name nor a transitive dependency of such a package. */
export function onlyRecommended(packages: readonly DebPackage[]): DebPackage[] {
  const byName = new Map<string, DebPackage[]>();
  for (const each of packages)
    for (const name of [each.name, ...each.provides]) byName.set(name, [...(byName.get(name) ?? []), each]);
  const needed = new Set(packages.filter(({ auto, essential }) => !auto || essential));
  for (const each of needed)
    for (const name of each.depends.flat()) for (const other of byName.get(name) ?? []) needed.add(other);
  return packages.filter((each) => !needed.has(each));
}

function paragraphs(text: string): ReadonlyMap<string, string>[] {
  return text
    .split(/\n\n+/)
    .filter((paragraph) => paragraph.trim() !== "")
    .map((paragraph) => {
      const fields = new Map<string, string>();
      for (const [, name = "", value = ""] of paragraph.matchAll(/^([\w-]+):[ \t]*(.*(?:\n[ \t].*)*)/gm))
        fields.set(name.toLowerCase(), value.trim());
      return fields;
    });
}

/** Parses a relation: `a (>= 1) | b, c:any` → [[a, b], [c]]. */
function alternatives(relation: string): string[][] {
  return relation
    .split(",")
    .map((part) =>
      part
        .split("|")
        .map((each) => /^[^\s:([<]+/.exec(each.trim())?.[0] ?? "")
        .filter((each) => each !== ""),
    )
    .filter((part) => part.length > 0);
}
