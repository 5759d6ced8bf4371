/** Bundler, which installs the gems of a project. */
import type { Tool } from "../tool.ts";

export const bundler: Tool = {
  id: "bundler",
  names: ["bundle", "bundler"],
  source: "bundle-install(1); bundle-config(1)",
  // Thor: no abbreviations
  options: [
    {
      short: "rj",
      long: "--retry --jobs --gemfile --path --without --with --only --system-bindir --shebang --trust-policy --target-rbconfig".split(
        " ",
      ),
      flags:
        "-V --verbose --no-color --no-cache --no-prune --no-clean --clean --deployment --frozen --full-index --local --prefer-local --quiet --redownload --force --system --standalone --binstubs".split(
          " ",
        ),
    },
  ],
  known: "install config check clean lock platform list show info add update cache package".split(" "),
  project: {
    verbs: ["install"],
    manifests: ["Gemfile", "Gemfile.lock"],
    development: {
      options: /^(?:--without(?:=.*)?|--only(?:=.*)?)$/,
      variables: [
        { name: "BUNDLE_WITHOUT", value: /./ },
        { name: "BUNDLE_ONLY", value: /./ },
      ],
      setting: /bundler?[ \t]+config[^\n]*\b(?:without|only)\b/,
      prunes: [{ names: ["bundle", "bundler"], words: ["clean"] }],
      // a variable of the one command would be forgotten when the program starts, which then misses them
      before: "bundle config set --local without 'development test'",
      source: "bundle-config(1): without",
    },
  },
  secrets: {
    // credentials by host: bundle config set --global HOST USER:PASSWORD
    words: [
      {
        behind: /^(?!build\.|mirror\.|local\.)\w[\w-]*(?:\.[\w-]+)*\.(?:com|org|net|io|dev|cloud)$/,
        skip: 0,
      },
    ],
  },
  building: { how: "maybe", verbs: ["install"] },
};
