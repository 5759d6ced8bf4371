/** RubyGems, and the cache of Bundler beside it. */
import type { Tool } from "../tool.ts";

export const gem: Tool = {
  id: "gem",
  names: ["gem"],
  source: "RubyGems guides, gem environment: GEM_HOME/cache; bundle-config(1)",
  // OptionParser takes unique beginnings
  options: [
    {
      short: "vinp",
      long: "--version --install-dir --bindir --platform --file --source --http-proxy --trust-policy --document --without --config-file --build-root".split(
        " ",
      ),
      flags:
        "-h --help -V --verbose -q --quiet -N --no-document --silent --backtrace --debug --norc -f --force -l --local -r --remote -b --both --clear-sources --user-install --no-user-install --explain --development --conservative --minimal-deps --default --pre --prerelease -a --all -x --executables -I --ignore-dependencies -w --wrappers -E --env-shebang -u".split(
          " ",
        ),
      abbreviates: true,
    },
  ],
  known:
    "install update uninstall cleanup list sources environment env build fetch specification contents which search query info pristine".split(
      " ",
    ),
  caches: [
    {
      what: "RubyGems' downloaded packages",
      path: /(?:^|\/)(?:usr\/local\/bundle|gems\/[0-9][^/]*|ruby\/[0-9][^/]*|vendor\/bundle\/ruby\/[^/]+)\/cache\/[^/]+\.gem$/,
      folder: "/usr/local/bundle/cache",
      mounts: [],
      alsoAt: ["/var/lib/gems", "/usr/local/lib/ruby/gems", "/usr/lib/ruby/gems"],
      cleanedBy: /\/cache(?:\/|$)|\.gem$/,
      variables: [{ name: "GEM_HOME", below: "cache/" }],
      refills: true,
    },
    {
      what: "Bundler's cache",
      path: /(?:^|\/)\.bundle\/cache\/./,
      folder: "~/.bundle/cache",
      mounts: [],
      refills: true,
    },
  ],
  // bundle install may find its packages in the project
  writers: [
    {
      verbs: ["install"],
      wants: /./,
      fills: [0],
      elsewhereByFlags: ["--local", "-l", "--explain", "--install-dir", "-i", "--user-install"],
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
  title: "RubyGems",
  example: {
    run: "gem install rails",
    leftover: "usr/local/bundle/cache/rails-7.gem",
    innocent: "usr/local/bundle/gems/rails-7/rails.rb",
  },
  advice: 'End the RUN with && rm -rf "$(gem environment gemdir)"/cache/*.gem.',
  removal: { word: /^(?:uninstall|remove)$/ },
  building: { how: "maybe", verbs: ["install"] },
};
