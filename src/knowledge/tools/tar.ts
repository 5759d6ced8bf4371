/** tar. */
import type { Tool } from "../tool.ts";

export const tar: Tool = {
  id: "tar",
  names: ["tar", "bsdtar"],
  source: "tar(1): -x, -f, -C",
  // getopt_long: GNU tar manual, Long Option Style
  options: [
    {
      short: "bCfFgHIKLNTVX",
      long: "--add-file --after-date --blocking-factor --checkpoint-action --directory --exclude --exclude-from --exclude-ignore --exclude-tag --file --files-from --format --group --index-file --info-script --label --level --listed-incremental --mode --mtime --newer --newer-mtime --owner --record-size --sort --starting-file --strip-components --suffix --to-command --transform --use-compress-program --volno-file --warning --xform".split(
        " ",
      ),
      flags:
        "--absolute-names --acls --anchored --append --auto-compress --backup --bzip2 --catenate --compare --compress --concatenate --create --delete --delay-directory-restore --dereference --diff --exclude-backups --exclude-caches --exclude-vcs --extract --force-local --full-time --get --gunzip --gzip --hard-dereference --help --ignore-case --ignore-failed-read --ignore-zeros --incremental --interactive --keep-newer-files --keep-old-files --list --lzip --lzma --lzop --no-same-owner --no-same-permissions --no-overwrite-dir --null --numeric-owner --one-file-system --one-top-level --overwrite --overwrite-dir --preserve-permissions --recursive-unlink --remove-files --same-owner --skip-old-files --sparse --to-stdout --totals --touch --uncompress --ungzip --unlink-first --update --verbose --verify --version --wildcards --xattrs --xz --zstd".split(
          " ",
        ),
      abbreviates: true,
    },
  ],
  known: "all",
  walks: { unless: /^-?[A-Za-z]*x[A-Za-z]*$|^--(?:extract|get)$/ },
  unpacking: {
    tar: {
      valued: "bCfFgHIKLNTVX",
      plain: "xzjJvp",
      plainLong: ["--gzip", "--bzip2", "--xz", "--verbose", "--gunzip", "--ungzip"],
    },
    intoWorkingFolder: true,
  },
};
