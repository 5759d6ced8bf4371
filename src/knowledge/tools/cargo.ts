/** Cargo, the package manager of Rust. */
import type { Tool } from "../tool.ts";

export const cargo: Tool = {
  id: "cargo",
  names: ["cargo"],
  source: "The Cargo Book, Cargo Home, cargo login",
  // clap: no abbreviations
  options: [
    {
      short: "CZpFj",
      long: "--config --color --explain --package --exclude --bin --example --test --bench --features --profile --jobs --target --target-dir --artifact-dir --message-format --manifest-path --lockfile-path --version --vers --index --registry --git --branch --tag --rev --path --root".split(
        " ",
      ),
      flags: "-q --quiet -v --verbose --locked --offline --frozen -V --list -h --help".split(" "),
    },
  ],
  known:
    "install build b fetch check c update clean metadata vendor doc tree generate-lockfile new init add remove rm uninstall fmt locate-project verify-project version search chef auditable".split(
      " ",
    ),
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
      verbs: ["install", "build", "test", "run", "check", "fetch"],
      fills: [0],
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
  secrets: { words: [{ behind: /^login$/, skip: 0 }] },
  title: "Cargo",
  example: {
    run: "cargo build",
    leftover: "usr/local/cargo/registry/cache/index/serde.crate",
    innocent: "usr/local/cargo/bin/cargo",
  },
  advice:
    "Build in an earlier stage and COPY --from only the program; there, mount a cache: RUN --mount=type=cache,target=/usr/local/cargo/registry.",
  usualWriters: [{ verbs: ["build", "install", "fetch"], fills: [0] }],
  project: {
    verbs: [],
    downloads: ["fetch"],
    manifests: ["Cargo.toml", "Cargo.lock"],
    makes: { folder: "target", verbs: ["build", "install", "run", "test"] },
  },
  building: { how: "certain" },
  // The Cargo Book, Build cache; a program itself is also target/release/NAME, by a hardlink
  outputs: [
    {
      what: "Cargo's build output",
      path: /(?:^|\/)target\/(?:[\w.-]+\/)?(?:release|debug)\/(?:deps|build|incremental|\.fingerprint)\/./,
      made: {
        folder: "target",
        verbs: ["build", "install", "run", "test"],
        installs: { verb: "install", option: /^--path(?:=|$)/ },
        elsewhere: /^--(?:target-dir|manifest-path|config)/,
      },
    },
  ],
};
