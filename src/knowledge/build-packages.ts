/** Packages of distributions that are there to build something, and the files they bring. */

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

/** Files of compilers and of what they need: programs, libraries to link, headers. Paths inside an image. */
export const toolFiles =
  /^(?:usr\/(?:local\/)?(?:lib|lib64|libexec)\/(?:gcc|llvm[^/]*|rustlib|go[^/]*|jvm)(?:-cross)?\/|usr\/(?:local\/)?include\/|usr\/(?:local\/)?lib(?:64)?\/(?:[\w-]+-linux-[\w-]+\/)?[^/]+\.a$|usr\/bin\/(?:[\w-]+-linux-[\w-]+?-)?(?:gcc|g\+\+|cpp|cc1?|c\+\+|clang|ld|gold|as|ar|nm|objdump|objcopy|gcov|lto-dump|make|cmake|ctest|cpack|cargo|rustc|go|javac|dwp|gprof)(?:[.-][\w.]*)?$)/;
