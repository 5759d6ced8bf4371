/** Gradle. */
import type { Tool } from "../tool.ts";

export const gradle: Tool = {
  id: "gradle",
  names: ["gradle", "gradlew"],
  source: "Gradle user manual, Gradle-managed directories",
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
      elsewhereByFlags: ["--offline", "-g", "--gradle-user-home", "-Dgradle.user.home"],
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
