/** Maven. */
import type { Tool } from "../tool.ts";

export const maven: Tool = {
  id: "maven",
  names: ["mvn", "mvnd", "mvnw"],
  source: "Maven settings reference, localRepository",
  // Commons CLI takes unique beginnings, and one dash for two
  options: [
    {
      short: "DPTfslbt",
      long: "--define --activate-profiles --threads --file --settings --log-file --builder --toolchains --global-settings -gs --global-toolchains -gt --projects -pl --resume-from -rf --color --encrypt-password -ep --encrypt-master-password -emp".split(
        " ",
      ),
      flags:
        "-am --also-make -amd --also-make-dependents -B --batch-mode -C --strict-checksums -c --lax-checksums -cpu -e --errors -fae --fail-at-end -ff --fail-fast -fn --fail-never -h --help -llr --legacy-local-repository -N --non-recursive -npr -npu -nsu --no-snapshot-updates -ntp --no-transfer-progress -o --offline -q --quiet -U --update-snapshots -up -v --version -V --show-version -X --debug --verbose".split(
          " ",
        ),
      abbreviates: true,
      wholeNames: true,
    },
  ],
  known:
    "validate initialize compile test-compile test package verify install clean dependency:go-offline dependency:resolve dependency:resolve-plugins dependency:copy-dependencies dependency:tree dependency:get wrapper:wrapper versions:set".split(
      " ",
    ),
  manyVerbs: true,
  caches: [
    {
      what: "Maven's local repository",
      path: /(?:^|\/)\.m2\/repository\/./,
      folder: "~/.m2/repository",
      maybeWanted: true,
    },
  ],
  writers: [
    {
      verbs: ["clean", "compile", "test", "package", "verify", "install", "deploy", "dependency:go-offline"],
      fills: [0],
      elsewhereByFlags: ["-D=maven.repo.local", "-o", "--offline", "-s", "--settings", "-gs"],
      avoidedByAnyValueOf: ["MAVEN_OPTS", "MAVEN_ARGS", "MAVEN_CONFIG"],
    },
  ],
  cleaners: [],
  remedies: [
    {
      clears: [0],
      append: "rm -rf ~/.m2/repository",
      unsafe: "a later Maven command of the stage may need the artifacts",
      neededBy: { users: [{ names: ["mvn", "mvnd", "mvnw"] }] },
    },
  ],
  title: "Maven",
  example: {
    run: "mvn package",
    leftover: "root/.m2/repository/org/x/x.jar",
    innocent: "root/.m2/settings.xml",
  },
  advice:
    "Build in an earlier stage and COPY --from only the archive; there, mount a cache: RUN --mount=type=cache,target=/root/.m2.",
  usualWriters: [{ fills: [0] }],
  building: { how: "certain" },
  // Maven, Introduction to the Standard Directory Layout: target
  outputs: [
    {
      what: "Maven's build output",
      path: /(?:^|\/)target\/(?:maven-(?:status|archiver)|surefire-reports|generated-(?:test-)?sources|test-classes)\/./,
      // the default lifecycle; project.build.directory is target
      made: {
        folder: "target",
        verbs: ["compile", "test", "package", "verify", "install", "deploy"],
        elsewhere: /^(?:-f|--file)|^-D.*(?:[dD]irectory|basedir)/,
      },
    },
  ],
};
