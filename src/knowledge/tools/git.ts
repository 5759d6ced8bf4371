/** git. */
import type { Tool } from "../tool.ts";

export const git: Tool = {
  id: "git",
  names: ["git"],
  source: "git-clone(1)",
  // git(1): before the verb, nothing is abbreviated or attached
  options: [
    {
      short: "",
      long: "-C -c --git-dir --work-tree --namespace --super-prefix --config-env --list-cmds --attr-source".split(
        " ",
      ),
      flags:
        "-v --version -h --help -p --paginate -P --no-pager --exec-path --html-path --man-path --info-path --no-replace-objects --no-lazy-fetch --no-optional-locks --no-advice --bare --literal-pathspecs --glob-pathspecs --noglob-pathspecs --icase-pathspecs".split(
          " ",
        ),
      stops: true,
    },
  ],
  // not `bisect run`, `filter-branch`, `rebase -x` and `submodule foreach`, which run commands
  known:
    "clone init fetch pull checkout switch restore reset status log show diff tag branch config remote add commit rm mv clean merge cherry-pick apply am archive describe rev-parse rev-list ls-remote ls-files ls-tree cat-file hash-object update-index symbolic-ref name-rev shortlog blame grep gc prune repack fsck pack-refs reflog sparse-checkout lfs version help stash format-patch for-each-ref show-ref update-ref var worktree notes credential"
      .split(" ")
      .concat([
        "submodule update",
        "submodule init",
        "submodule add",
        "submodule sync",
        "submodule status",
        "submodule deinit",
      ]),
  cloning: {
    verb: "clone",
    bare: ["--bare", "--mirror"],
    moves: "-C",
    // the parser of its verbs takes unique beginnings: gitcli(7)
    options: {
      short: "boucj",
      long: "--branch --depth --origin --config --reference --reference-if-able --jobs --template --filter --shallow-since --shallow-exclude --separate-git-dir --upload-pack --server-option --bundle-uri --ref-format --revision".split(
        " ",
      ),
      flags:
        "--bare --mirror --no-checkout --single-branch --no-single-branch --no-tags --tags --recursive --recurse-submodules --shallow-submodules --no-shallow-submodules --remote-submodules --local --no-local --shared --no-hardlinks --dissociate --quiet --verbose --progress --no-reject-shallow --reject-shallow --sparse --also-filter-submodules --ipv4 --ipv6 -l -s -n -q -v -4 -6".split(
          " ",
        ),
      abbreviates: true,
    },
  },
};
