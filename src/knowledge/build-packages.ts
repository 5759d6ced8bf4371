/** Distribution packages for building software, and their files. */

/** Packages of compilers, and packages that depend on them. */
const TOOLCHAIN =
  /^(?:build-essential|build-base|alpine-sdk|base-devel|gcc(?:-\d+(?:\.\d+)*)?|g\+\+(?:-\d+)?|gcc-c\+\+|clang(?:-\d+)?|@?"?development[- ]tools"?|patterns-devel-base-devel_basis|rust|rustc|cargo|golang(?:-go|-\d[\d.]*)?|go|gfortran|default-jdk(?:-headless)?|openjdk-?\d+-jdk(?:-headless)?)$/i;

/** Other packages that only builds need. */
const FOR_BUILDS =
  /^(?:make|cmake|ninja-build|ninja|meson|autoconf|automake|libtool|pkg-config|pkgconf|bison|flex|nasm|dpkg-dev|linux-headers|musl-dev|libc6?-dev|glibc-devel|.*-dev|.*-devel)$/;

export function isToolchain(name: string): boolean {
  return TOOLCHAIN.test(name);
}

export function isForBuilds(name: string): boolean {
  return isToolchain(name) || FOR_BUILDS.test(name);
}

/** Headers of a library, which depend on the library. Those of libc come with every compiler. */
export function isHeaders(name: string): boolean {
  return /-(?:dev|devel)$/.test(name) && !/^(?:musl|libc6?|glibc|dpkg)-/.test(name);
}

/** Files of compilers and their dependencies: programs, libraries to link, headers. Paths inside an image. */
export const toolFiles =
  /^(?:usr\/(?:local\/)?(?:lib|lib64|libexec)\/(?:gcc|llvm[^/]*|rustlib|go[^/]*|jvm)(?:-cross)?\/|usr\/(?:local\/)?include\/|usr\/(?:local\/)?lib(?:64)?\/(?:[\w-]+-linux-[\w-]+\/)?[^/]+\.a$|usr\/bin\/(?:[\w-]+-linux-[\w-]+?-)?(?:gcc|g\+\+|cpp|cc1?|c\+\+|clang|ld|gold|as|ar|nm|objdump|objcopy|gcov|lto-dump|make|cmake|ctest|cpack|cargo|rustc|go|javac|dwp|gprof)(?:[.-][\w.]*)?$)/;
