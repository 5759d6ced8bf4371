/** Ruby, PHP, Go, Rust, Java, .NET, and conda. */
import { xdg, type PackageManager } from "./record.ts";

export const languageManagers: readonly PackageManager[] = [
  {
    id: "gem",
    caches: [
      {
        what: "RubyGems' downloaded packages",
        path: /(?:^|\/)(?:usr\/local\/bundle|gems\/[0-9][^/]*|ruby\/[0-9][^/]*|vendor\/bundle\/ruby\/[^/]+)\/cache\/[^/]+\.gem$/,
        folder: "/usr/local/bundle/cache",
        mounts: [],
        alsoAt: ["/var/lib/gems", "/usr/local/lib/ruby/gems", "/usr/lib/ruby/gems"],
        cleanedBy: /\/cache(?:\/|$)|\.gem$/,
        variables: [{ name: "GEM_HOME", below: "cache/" }],
      },
      { what: "Bundler's cache", path: /(?:^|\/)\.bundle\/cache\/./, folder: "~/.bundle/cache", mounts: [] },
    ],
    // bundle install may find its packages in the project
    writers: [
      {
        names: ["gem"],
        verbs: ["install"],
        wants: /./,
        fills: [0],
        avoidedByFlags: [],
        elsewhereByFlags: ["--local", "-l", "--explain", "--install-dir", "-i", "--user-install"],
        avoidedByVariables: [],
      },
    ],
    cleaners: [],
    remedies: [
      {
        clears: [0],
        append: 'rm -rf "$(gem environment gemdir)"/cache/*.gem',
        unsafe: "a later bundle install --local of the build may want the packages",
        neededBy: { users: [{ names: ["bundle", "bundler", "gem"], word: /^--local$|^-l$/ }] },
      },
      {
        clears: [1],
        append: "rm -rf ~/.bundle/cache",
        unsafe: "a later bundle install of the build may want the cache",
      },
    ],
    advice:
      "End the RUN with && rm -rf /usr/local/bundle/cache/*.gem (gem environment gemdir prints the folder), or mount a cache over it.",
    source: "RubyGems guides, gem environment: GEM_HOME/cache; bundle-config(1)",
  },
  {
    id: "composer",
    caches: [
      {
        what: "Composer's cache",
        path: /(?:^|\/)(?:\.composer\/cache|\.cache\/composer)\/./,
        folder: "~/.composer/cache",
        alsoAt: ["~/.cache/composer"],
        mounts: ["~/.composer/cache", "~/.cache/composer"],
        variables: [
          { name: "COMPOSER_CACHE_DIR", below: "" },
          { name: "COMPOSER_HOME", below: "cache/" },
          ...xdg("composer/"),
        ],
      },
    ],
    writers: [
      {
        names: ["composer"],
        verbs: ["install", "update", "require", "create-project"],
        fills: [0],
        avoidedByFlags: ["--no-cache"],
        avoidedByVariables: [],
      },
    ],
    cleaners: [
      { names: ["composer"], words: ["clear-cache"] },
      { names: ["composer"], words: ["clearcache"] },
      { names: ["composer"], words: ["cc"] },
    ],
    remedies: [
      {
        clears: [0],
        append: "composer clear-cache",
        unsafe: "a later composer install of the build may want the cache",
      },
    ],
    advice:
      "Use composer install --no-cache, or mount a cache: RUN --mount=type=cache,target=/root/.composer/cache.",
    source: "Composer documentation, cache-dir and COMPOSER_CACHE_DIR",
  },
  {
    id: "go",
    caches: [
      {
        what: "Go's build cache",
        path: /(?:^|\/)\.cache\/go-build\/./,
        folder: "~/.cache/go-build",
        variables: [{ name: "GOCACHE", below: "" }, ...xdg("go-build/")],
      },
      {
        what: "Go's module cache",
        path: /(?:^|\/)go\/pkg\/mod\/(?:cache\/|[^/]+\.[^/]+\/)./,
        folder: "/go/pkg/mod",
        alsoAt: ["~/go/pkg/mod"],
        variables: [
          { name: "GOMODCACHE", below: "" },
          { name: "GOPATH", below: "pkg/mod/" },
        ],
        maybeWanted: true,
      },
    ],
    writers: [
      {
        names: ["go"],
        verbs: ["build", "install", "test", "run", "vet"],
        fills: [0],
        avoidedByFlags: [],
        elsewhereByFlags: ["-n"],
        avoidedByVariables: [],
      },
      {
        names: ["go"],
        verbs: ["install", "run"],
        wants: /@/,
        fills: [1],
        avoidedByFlags: [],
        elsewhereByFlags: ["-n"],
        avoidedByVariables: [],
      },
      {
        names: ["go"],
        verbs: ["get", "mod download"],
        fills: [1],
        avoidedByFlags: [],
        avoidedByVariables: [],
      },
    ],
    cleaners: [{ names: ["go"], words: ["clean"] }],
    remedies: [
      {
        clears: [0, 1],
        append: "go clean -cache -modcache",
        unsafe: "a later go command of the stage may need the modules",
        neededBy: {
          users: [{ names: ["go"], word: /^(?:build|test|run|install|vet|generate|mod|get|list)$/ }],
        },
      },
    ],
    advice:
      "Build in an earlier stage and COPY --from only the program; there, mount caches: RUN --mount=type=cache,target=/root/.cache/go-build --mount=type=cache,target=/go/pkg/mod.",
    source: "go help environment: GOCACHE, GOMODCACHE",
  },
  {
    id: "cargo",
    caches: [
      {
        what: "Cargo's registry",
        path: /(?:^|\/)(?:\.cargo|usr\/local\/cargo|cargo)\/(?:registry\/(?:cache|src|index)|git\/(?:db|checkouts))\/./,
        folder: "~/.cargo/registry",
        alsoAt: ["/usr/local/cargo/registry"],
        mounts: ["/usr/local/cargo/registry", "~/.cargo/registry"],
        variables: ["registry/cache/", "registry/src/", "registry/index/", "git/db/", "git/checkouts/"].map(
          (below) => ({ name: "CARGO_HOME", below }),
        ),
        maybeWanted: true,
      },
    ],
    writers: [
      {
        names: ["cargo"],
        verbs: ["install", "build", "test", "run", "check", "fetch"],
        fills: [0],
        avoidedByFlags: [],
        elsewhereByFlags: ["--offline", "--frozen", "--list"],
        avoidedByVariables: ["CARGO_NET_OFFLINE"],
      },
    ],
    cleaners: [],
    remedies: [
      {
        clears: [0],
        append: 'rm -rf "${CARGO_HOME:-$HOME/.cargo}/registry"',
        unsafe: "a later cargo command of the stage may need the crates",
        neededBy: {
          users: [{ names: ["cargo"], word: /^(?:build|test|run|install|check|fetch|bench|clippy|doc)$/ }],
        },
      },
    ],
    advice:
      "Build in an earlier stage and COPY --from only the program; there, mount a cache: RUN --mount=type=cache,target=/usr/local/cargo/registry.",
    source: "The Cargo Book, Cargo Home",
  },
  {
    id: "maven",
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
        names: ["mvn", "mvnd", "mvnw"],
        verbs: [
          "clean",
          "compile",
          "test",
          "package",
          "verify",
          "install",
          "deploy",
          "dependency:go-offline",
        ],
        fills: [0],
        avoidedByFlags: [],
        elsewhereByFlags: ["-Dmaven.repo.local", "-o", "--offline", "-s", "--settings", "-gs"],
        avoidedByVariables: [],
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
    advice:
      "Build in an earlier stage and COPY --from only the archive; there, mount a cache: RUN --mount=type=cache,target=/root/.m2.",
    source: "Maven settings reference, localRepository",
  },
  {
    id: "gradle",
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
        avoidedByFlags: [],
        elsewhereByFlags: ["--offline", "-g", "--gradle-user-home", "-Dgradle.user.home"],
        avoidedByVariables: [],
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
    advice:
      "Build in an earlier stage and COPY --from only the archive; there, mount a cache: RUN --mount=type=cache,target=/root/.gradle.",
    source: "Gradle user manual, Gradle-managed directories",
  },
  {
    id: "nuget",
    caches: [
      {
        what: "NuGet's packages",
        path: /(?:^|\/)(?:\.nuget\/packages|\.local\/share\/NuGet\/(?:v3-cache|http-cache))\/./,
        folder: "~/.nuget/packages",
        variables: [{ name: "NUGET_PACKAGES", below: "" }],
        maybeWanted: true,
      },
    ],
    // a restore fetches nothing where a project has no packages
    writers: [
      {
        names: ["dotnet"],
        verbs: ["add package"],
        fills: [0],
        avoidedByFlags: [],
        elsewhereByFlags: ["--package-directory", "--no-restore", "-n"],
        avoidedByVariables: [],
      },
    ],
    cleaners: [{ names: ["dotnet"], words: ["nuget", "locals"] }],
    remedies: [
      {
        clears: [0],
        append: "dotnet nuget locals all --clear",
        unsafe: "a later dotnet command of the stage may need the packages",
        neededBy: { users: [{ names: ["dotnet"], word: /^(?:restore|build|publish|run|test|pack|add)$/ }] },
      },
    ],
    advice:
      "Publish in an earlier stage and COPY --from only the result; there, mount a cache: RUN --mount=type=cache,target=/root/.nuget/packages.",
    source: "NuGet documentation, Managing the global packages, cache and temp folders",
  },
  {
    id: "conda",
    caches: [
      // packages are hardlinked into the environments: only archives and what no other path has counts
      {
        what: "conda's package cache",
        path: /(?:^|\/)(?:\.?conda|miniconda3?|anaconda3?|\.?mamba|mambaforge|miniforge3?|micromamba)\/pkgs\/./,
        folder: "/opt/conda/pkgs",
        cleanedBy: /\/pkgs(?:\/|$)/,
        variables: [
          { name: "CONDA_PKGS_DIRS", below: "" },
          { name: "MAMBA_ROOT_PREFIX", below: "pkgs/" },
        ],
      },
    ],
    writers: [
      {
        names: ["conda", "mamba", "micromamba"],
        verbs: ["install", "create", "update", "env create", "env update"],
        fills: [0],
        avoidedByFlags: [],
        elsewhereByFlags: ["--dry-run", "-d", "--offline", "--root-prefix"],
        avoidedByVariables: [],
      },
    ],
    cleaners: [{ names: ["conda", "mamba", "micromamba"], words: ["clean"] }],
    remedies: [
      {
        clears: [0],
        append: "{tool} clean --all --yes",
        unsafe: "a later conda command of the build may want the packages",
        neededBy: { users: [{ names: ["conda", "mamba", "micromamba"], word: /^--offline$/ }] },
      },
    ],
    advice:
      "End the RUN with && conda clean --all --yes (or mamba, micromamba), or mount a cache: RUN --mount=type=cache,target=/opt/conda/pkgs.",
    source: "conda documentation, pkgs_dirs and conda clean",
  },
];
