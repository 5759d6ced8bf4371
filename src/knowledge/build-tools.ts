/** Packages that are there to build something, and the commands that need them. */

/** Compilers and what brings them along, by the name that a package manager knows. */
const TOOLCHAIN =
  /^(?:build-essential|build-base|alpine-sdk|base-devel|gcc(?:-\d+(?:\.\d+)*)?|g\+\+(?:-\d+)?|gcc-c\+\+|clang(?:-\d+)?|@?"?development[- ]tools"?|patterns-devel-base-devel_basis|rust|rustc|cargo|golang(?:-go|-\d[\d.]*)?|go|gfortran|default-jdk(?:-headless)?|openjdk-?\d+-jdk(?:-headless)?)$/i;

/** What only a build needs besides. */
const FOR_BUILDS =
  /^(?:make|cmake|ninja-build|ninja|meson|autoconf|automake|libtool|pkg-config|pkgconf|bison|flex|nasm|dpkg-dev|linux-headers|musl-dev|libc6?-dev|glibc-devel|.*-dev|.*-devel)$/;

export function isToolchain(name: string): boolean {
  return TOOLCHAIN.test(name);
}

export function isForBuilds(name: string): boolean {
  return isToolchain(name) || FOR_BUILDS.test(name);
}

/** Package managers of distributions: how they install, and how they take away again. */
export const toolManagers: readonly {
  readonly names: readonly string[];
  readonly installs: readonly string[];
  readonly removes: readonly string[];
  /** How the same RUN takes them away; `{packages}` is what was installed. */
  readonly purge: string;
}[] = [
  {
    names: ["apt-get", "apt", "aptitude"],
    installs: ["install"],
    removes: ["purge", "remove", "autoremove"],
    purge: "apt-get purge -y --auto-remove {packages}",
  },
  { names: ["apk"], installs: ["add"], removes: ["del"], purge: "apk del {packages}" },
  {
    names: ["dnf", "dnf5", "yum", "microdnf", "tdnf"],
    installs: ["install", "groupinstall"],
    removes: ["remove", "erase", "autoremove", "groupremove"],
    purge: "{tool} remove -y {packages}",
  },
  {
    names: ["zypper"],
    installs: ["install", "in"],
    removes: ["remove", "rm"],
    purge: "zypper --non-interactive remove --clean-deps {packages}",
  },
];

/** Commands that build, or may have to: what one installs may be there as source only. */
const BUILDERS =
  /^(?:make|gmake|cmake|ninja|meson|configure|gcc|g\+\+|cc|c\+\+|clang|cargo|go|rustc|javac|mvn|gradle|docker-php-ext-install|pecl|phpize|node-gyp|python\d?|setup\.py)$/;
const INSTALLERS: readonly [RegExp, RegExp][] = [
  [/^pip(?:3|\d?\.\d+)?$/, /^(?:install|wheel)$/],
  [/^(?:npm|yarn|pnpm)$/, /^(?:install|ci|i|add)$/],
  [/^gem$/, /^install$/],
  [/^bundle$/, /^install$/],
  [/^(?:poetry|uv|pdm|pipenv)$/, /^(?:install|sync|pip)$/],
];

/** What Python's installers bring along: no source of these is ever built. */
const PURE = /^(?:pip|setuptools|wheel|pipenv|poetry|uv|virtualenv|build|pip-tools)(?:[=<>~!].*)?$/;

/**
 * Whether a command of this name builds something: a compiler or `make` for sure, an installer only where a package has to
 * be compiled. `operands` are its words without options.
 */
export function isBuild(
  name: string,
  operands: readonly (string | undefined)[],
): "certain" | "maybe" | undefined {
  const [verb, ...packages] = operands;
  if (BUILDERS.test(name) && !name.startsWith("python")) return "certain";
  if (name.startsWith("python") && BUILDERS.test(name)) {
    if (verb === "setup.py") return "certain";
    if (verb === "pip") return isBuild("pip", packages);
    return undefined;
  }
  if (!INSTALLERS.some(([names, verbs]) => names.test(name) && verbs.test(verb ?? ""))) return undefined;
  const isPure = packages.length > 0 && packages.every((each) => each !== undefined && PURE.test(each));
  return isPure ? undefined : "maybe";
}

/** Files of compilers and of what they need: programs, libraries to link, headers. Paths inside an image. */
export const toolFiles =
  /^(?:usr\/(?:local\/)?(?:lib|lib64|libexec)\/(?:gcc|llvm[^/]*|rustlib|go[^/]*|jvm)(?:-cross)?\/|usr\/(?:local\/)?include\/|usr\/(?:local\/)?lib(?:64)?\/(?:[\w-]+-linux-[\w-]+\/)?[^/]+\.a$|usr\/bin\/(?:[\w-]+-linux-[\w-]+?-)?(?:gcc|g\+\+|cpp|cc1?|c\+\+|clang|ld|gold|as|ar|nm|objdump|objcopy|gcov|lto-dump|make|cmake|ctest|cpack|cargo|rustc|go|javac|dwp|gprof)(?:[.-][\w.]*)?$)/;
