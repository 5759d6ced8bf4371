/** Gradle. */
import type { Tool } from "../tool.ts";

export const gradle: Tool = {
  id: "gradle",
  names: ["gradle", "gradlew"],
  source: "Gradle user manual, Gradle-managed directories",
  // no abbreviations of options
  options: [
    {
      short: "DPpgIbcx",
      long: "--project-dir --gradle-user-home --init-script --build-file --settings-file --exclude-task --system-prop --project-prop --console --warning-mode --max-workers --priority --include-build --project-cache-dir --dependency-verification --write-verification-metadata --configuration-cache-problems --update-locks --tests".split(
        " ",
      ),
      flags:
        "-q --quiet -i --info -d --debug -w --warn -s --stacktrace -S --full-stacktrace -a --no-rebuild --offline --no-daemon --daemon --foreground --stop --status --build-cache --no-build-cache --parallel --no-parallel --scan --no-scan --continue --no-continue --dry-run -m --refresh-dependencies --rerun-tasks --profile --configuration-cache --no-configuration-cache --configure-on-demand --no-configure-on-demand --watch-fs --no-watch-fs -v --version -h --help".split(
          " ",
        ),
    },
  ],
  caches: [
    {
      what: "Gradle's caches",
      path: /(?:^|\/)\.gradle\/(?:caches|wrapper\/dists|daemon)\/./,
      folder: "~/.gradle",
      mounts: ["~/.gradle/caches"],
      variables: [{ name: "GRADLE_USER_HOME", below: "caches/" }],
      maybeWanted: true,
    },
  ],
  // the image that brings `gradle` has a volume where the caches are
  writers: [
    {
      names: ["gradlew"],
      verbs: ["build", "assemble", "check", "test", "jar", "bootJar", "shadowJar", "installDist", "clean"],
      fills: [0],
      elsewhereByFlags: ["--offline", "-g", "--gradle-user-home", "-D=gradle.user.home"],
      avoidedByAnyValueOf: ["GRADLE_OPTS", "JAVA_OPTS"],
    },
  ],
  cleaners: [],
  remedies: [
    {
      clears: [0],
      append: 'rm -rf "${GRADLE_USER_HOME:-$HOME/.gradle}/caches"',
      unsafe: "a later Gradle command of the stage may need the artifacts",
      neededBy: { users: [{ names: ["gradle", "gradlew"] }] },
      takes: /(?:^|\/)caches\//,
    },
  ],
  title: "Gradle",
  example: {
    run: "./gradlew build",
    leftover: "root/.gradle/caches/modules-2/x.jar",
    innocent: "root/.gradle/gradle.properties",
  },
  advice:
    "Build in an earlier stage and COPY --from only the archive; there, mount a cache: RUN --mount=type=cache,target=/root/.gradle.",
  usualWriters: [{ fills: [0] }],
  building: { how: "certain" },
  // Gradle User Manual, project cache directory; Java plugin, source set output
  outputs: [
    {
      what: "Gradle's build output",
      path: /(?:^|\/)(?:\.gradle\/(?:\d[\w.-]*|buildOutputCleanup|vcs-1|checksums|configuration-cache)\/.|build\/(?:classes\/(?:java|kotlin|groovy|scala)\/|tmp\/(?:compile|jar|kapt)\w*\/|kotlin\/compile|intermediates\/).)/,
      made: {
        folder: "build",
        verbs: ["build", "assemble", "jar", "bootJar", "shadowJar", "war", "bootWar", "installDist", "check"],
        elsewhere: /^(?:-p|--project-dir)|^-P.*[bB]uildDir/,
      },
    },
  ],
};
