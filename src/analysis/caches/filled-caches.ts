/** Caches of package managers that a command certainly fills, and the commands that certainly empty them. */
import type { Step } from "../../build/build.ts";
import type { Command, ShellWord } from "../../shell/script.ts";
import { packageManagers, type CacheFolder, type PackageManager } from "../../knowledge/package-managers.ts";
import { cleansElsewhere, isNamed } from "./cache-cleaning.ts";
import { writesCache, isMounted } from "./cache-writers.ts";
import { foldersOf } from "./tool-settings.ts";

export interface WrittenCache {
  readonly manager: PackageManager;
  readonly cache: CacheFolder;
  /** Absolute. */
  readonly path: string;
}

/** dnf, yum and their kind keep their cache where the tool's name says. */
const OWN_FOLDER = new Map([
  ["dnf5", "/var/cache/libdnf5"],
  ["yum", "/var/cache/yum"],
  ["tdnf", "/var/cache/tdnf"],
]);

export function writtenCaches(command: Command, step: Step): WrittenCache[] {
  // the index of apk is fetched by some calls only: see creations.ts
  const managers = packageManagers.filter(
    ({ id, writers }) => id !== "apk" && writers.some(({ names }) => isNamed(command.name ?? "", names)),
  );
  const used = usedCaches(command, step);
  if (used.length > 0) return used;
  return managers.flatMap((manager) =>
    manager.caches.flatMap((cache, at): WrittenCache[] => {
      const fills = manager.writers.some(
        (filler) => filler.fills.includes(at) && writesCache(command, filler, step),
      );
      const path = fills ? folderOf(manager, cache, command, step) : undefined;
      return path === undefined || isMounted(step, cache.folder) ? [] : [{ manager, cache, path }];
    }),
  );
}

/**
 * Caches that commands fill as a rule, though not for sure: enough where a later instruction deletes just that cache, for
 * whoever wrote that knows it is there. Every place where it may be.
 */
const USERS: readonly {
  readonly manager: string;
  readonly names: readonly string[];
  /** First operands; an empty one is no operand at all. */
  readonly verbs: readonly string[] | undefined;
  readonly folders: readonly string[];
  /** Index of the manager's cache that this is; default: 0. */
  readonly cache?: number;
}[] = [
  {
    manager: "yarn",
    names: ["yarn"],
    verbs: ["", "install", "add"],
    folders: ["/usr/local/share/.cache/yarn", "~/.cache/yarn", "~/.yarn/berry/cache"],
  },
  {
    manager: "pnpm",
    names: ["pnpm"],
    verbs: ["install", "i", "add"],
    folders: ["~/.local/share/pnpm/store", "~/.cache/pnpm"],
  },
  { manager: "bun", names: ["bun"], verbs: ["install", "i", "add"], folders: ["~/.bun/install/cache"] },
  { manager: "pacman", names: ["pacman"], verbs: undefined, folders: ["/var/cache/pacman/pkg"] },
  { manager: "go", names: ["go"], verbs: ["build", "install", "test"], folders: ["~/.cache/go-build"] },
  {
    manager: "go",
    names: ["go"],
    verbs: ["build", "install", "mod", "get", "test"],
    folders: ["/go/pkg/mod", "~/go/pkg/mod"],
    cache: 1,
  },
  {
    manager: "cargo",
    names: ["cargo"],
    verbs: ["build", "install", "fetch"],
    folders: ["~/.cargo/registry", "/usr/local/cargo/registry"],
  },
  { manager: "maven", names: ["mvn", "mvnw"], verbs: undefined, folders: ["~/.m2"] },
  { manager: "gradle", names: ["gradle", "gradlew"], verbs: undefined, folders: ["~/.gradle"] },
  {
    manager: "nuget",
    names: ["dotnet"],
    verbs: ["restore", "build", "publish"],
    folders: ["~/.nuget/packages"],
  },
];

function usedCaches(command: Command, step: Step): WrittenCache[] {
  return USERS.filter(({ names }) => names.includes(command.name ?? "")).flatMap((user) =>
    usedBy(user, command, step),
  );
}

function usedBy(user: (typeof USERS)[number], command: Command, step: Step): WrittenCache[] {
  const manager = packageManagers.find(({ id }) => id === user.manager);
  const cache = manager?.caches[user.cache ?? 0];
  if (manager === undefined || cache === undefined) return [];
  const verb = command.args.find(({ value }) => value?.startsWith("-") !== true);
  if (verb !== undefined && verb.value === undefined) return [];
  const isUse =
    user.manager === "pacman"
      ? command.args.some(({ value }) => /^-S[yuw]*$/.test(value ?? ""))
      : (user.verbs?.includes(verb?.value ?? "") ?? true);
  // a variable moves it: where to is the business of who knows it for sure
  if (
    !isUse ||
    manager.caches.some(({ variables = [] }) => variables.some(({ name }) => isKnown(name, command, step)))
  )
    return [];
  const home = homeOf(command, step);
  return user.folders.flatMap((folder): WrittenCache[] => {
    const path = folder.startsWith("~/")
      ? home === undefined
        ? undefined
        : `${home}${folder.slice(1)}`
      : folder;
    return path === undefined || isMounted(step, folder) ? [] : [{ manager, cache, path }];
  });
}

function isKnown(name: string, command: Command, { scope }: Step): boolean {
  return (
    scope.env.has(name) || scope.args.has(name) || command.assignments.some((each) => each.name === name)
  );
}

/** What a manager's own command empties: `dnf clean all`, `npm cache clean --force`. */
export function emptiedCaches(command: Command, step: Step): WrittenCache[] {
  const words = command.args.map(({ value }) => value);
  if (command.name === undefined || words.includes(undefined)) return [];
  const has = (...all: string[]) => all.every((word) => words.includes(word));
  const clean = CLEANERS.find(
    ({ names, all, any }) =>
      isNamed(command.name!, names) && has(...all) && (any === undefined || any.some((word) => has(word))),
  );
  const manager = packageManagers.find(({ id }) => id === clean?.manager);
  const cache = manager?.caches[clean?.cache ?? 0];
  if (manager === undefined || cache === undefined || cleansElsewhere(command)) return [];
  if (clean?.folder !== undefined) {
    const home = homeOf(command, step);
    const path = clean.folder.startsWith("~/")
      ? home === undefined
        ? undefined
        : `${home}${clean.folder.slice(1)}`
      : clean.folder;
    return path === undefined ? [] : [{ manager, cache, path }];
  }
  const path = folderOf(manager, cache, command, step);
  return path === undefined ? [] : [{ manager, cache, path }];
}

/** Only what empties the whole cache: `zypper clean` alone leaves the metadata. */
const CLEANERS: readonly {
  readonly manager: string;
  readonly names: readonly string[];
  readonly all: readonly string[];
  readonly any?: readonly string[];
  /** Where it is not the first cache of the manager. */
  readonly folder?: string;
  readonly cache?: number;
}[] = [
  { manager: "yarn", names: ["yarn"], all: ["cache", "clean"] },
  { manager: "bun", names: ["bun"], all: ["pm", "cache", "rm"] },
  { manager: "go", names: ["go"], all: ["clean", "-modcache"], folder: "/go/pkg/mod", cache: 1 },
  { manager: "go", names: ["go"], all: ["clean", "-cache"] },
  { manager: "nuget", names: ["dotnet"], all: ["nuget", "locals"], any: ["all", "global-packages"] },
  { manager: "apt", names: ["apt", "apt-get"], all: [], any: ["distclean", "dist-clean"] },
  { manager: "dnf", names: ["dnf", "dnf5", "yum", "microdnf", "tdnf"], all: ["clean", "all"] },
  { manager: "zypper", names: ["zypper"], all: ["clean"], any: ["-a", "--all"] },
  { manager: "zypper", names: ["zypper"], all: ["cc"], any: ["-a", "--all"] },
  { manager: "pip", names: ["pip", "pip2", "pip3"], all: ["cache", "purge"] },
  { manager: "pip", names: ["python", "python2", "python3"], all: ["-m", "pip", "cache", "purge"] },
  { manager: "npm", names: ["npm"], all: ["cache"], any: ["clean", "clear", "rm"] },
  { manager: "composer", names: ["composer"], all: [], any: ["clear-cache", "clearcache", "cc"] },
  { manager: "poetry", names: ["poetry"], all: ["cache", "clear", "--all"] },
  {
    manager: "conda",
    names: ["conda", "mamba", "micromamba"],
    all: ["clean"],
    any: ["-a", "--all", "-afy", "-ay", "-ya", "-tipy"],
  },
];

function folderOf(
  { id }: PackageManager,
  cache: CacheFolder,
  command: Command,
  step: Step,
): string | undefined {
  const own = id === "dnf" ? OWN_FOLDER.get(command.name ?? "") : undefined;
  const folder = own ?? foldersOf(cache, command, step)?.[0];
  if (folder?.startsWith("~/") !== true) return folder;
  const home = homeOf(command, step);
  return home === undefined ? undefined : `${home}${folder.slice(1)}`;
}

/** Root's, unless something says otherwise: few base images set another user, and there `/root` cannot be removed. */
export function homeOf(command: Command, { scope }: Step): string | undefined {
  if (command.through.some((wrapper) => /^(?:sudo|doas|su|gosu|su-exec|runuser)$/.test(wrapper)))
    return undefined;
  if (command.assignments.some(({ name }) => name === "HOME") || scope.args.has("HOME")) return undefined;
  if (scope.env.has("HOME")) return scope.env.get("HOME")?.replace(/\/+$/, "");
  return scope.user === undefined || /^(?:root|0)(?::|$)/.test(scope.user) ? "/root" : undefined;
}

/** `~/x`, `$HOME/x`, `"${HOME}/x"` with the home filled in, else the word's value. */
export function valueAtHome(word: ShellWord, home: string | undefined): string | undefined {
  const rest = /^(?:~|"?\$(?:HOME|\{HOME\}))(\/[^\s"'$`\\]*)"?$/.exec(word.text)?.[1];
  if (rest === undefined) return word.value;
  return home === undefined ? undefined : `${home}${rest}`;
}
