/** Finds the files of the base image that package operations above it replaced by newer versions. */
import type { BytePath } from "../../image/image.ts";
import { tools } from "../../knowledge/tools/index.ts";
import type { DeadFile } from "../../rootfs/rootfs.ts";
import { madeBy } from "../made-by.ts";
import { changeOf, timeOnly } from "../ownership/attribute-changes.ts";
import type { ImageView } from "../subject.ts";
import { databaseOf, listsPackages } from "./databases.ts";

/** Files that commands other than package managers change: of accounts and users, and the application's. */
const OTHERS = /^(?:etc\/(?:passwd|group|shadow|gshadow|subuid|subgid)-?$|(?:app|home|mnt|root|srv|tmp)\/)/;

const known = new WeakMap<ImageView, ReadonlySet<DeadFile>>();

/**
 * Returns the files of the base that a package operation above it replaced: files with another content or only another
 * time, in a layer that a RUN made and that changes the list of installed packages. Nothing but a newer base avoids them.
 */
export function upgradedFiles(view: ImageView): ReadonlySet<DeadFile> {
  let found = known.get(view);
  if (found === undefined) known.set(view, (found = findUpgraded(view)));
  return found;
}

function findUpgraded(view: ImageView): Set<DeadFile> {
  const base = view.origins.base.layers;
  const upgrading = new Set(
    view.image.layers.flatMap(({ index, entries }) => {
      const by = index < base ? "base" : (madeBy(view, index) ?? "RUN");
      return by === "RUN" && entries.some(({ path, kind }) => kind === "file" && listsPackages(path))
        ? [index]
        : [];
    }),
  );
  const isReplaced = (deadFile: DeadFile) => {
    const { cause } = deadFile;
    if (cause === "metadata-only") return timeOnly(changeOf(deadFile));
    return cause === "overwritten" || cause === "identical";
  };
  return new Set(
    view.rootfs.deadFiles.filter(
      (deadFile) =>
        deadFile.addedIn < base &&
        upgrading.has(deadFile.hiddenIn) &&
        isReplaced(deadFile) &&
        !isOther(deadFile.path),
    ),
  );
}

function isOther(path: BytePath): boolean {
  return OTHERS.test(path) || databaseOf(path) !== undefined;
}

const verbs = tools.flatMap(({ names, packages }) =>
  packages === undefined || packages.upgrade.length === 0
    ? []
    : [`(?:${(packages.names ?? names).join("|")})(?:\\s+-\\S+)*\\s+(?:${packages.upgrade.join("|")})`],
);
const UPGRADE = new RegExp(`(?:^|[\\s;&|(/])(${verbs.join("|")})(?![\\w-])`);

/** Returns the upgrade that a command line names, without its options: `apt-get dist-upgrade`; undefined without one. */
export function upgradeNamedIn(text: string): string | undefined {
  return UPGRADE.exec(text)?.[1]?.replace(/\s+(?:-\S+\s+)*/g, " ");
}
