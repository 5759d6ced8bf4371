/** GNU Wget. */
import type { Tool } from "../tool.ts";

export const wget: Tool = {
  id: "wget",
  names: ["wget"],
  source: "wget(1): -O, -P",
  // getopt_long: GNU Wget manual, Option Syntax
  options: [
    {
      short: "oaeiBtOTwQPUlADIRX",
      long: "--execute --output-file --append-output --report-speed --input-file --base --config --rejected-log --tries --retry-on-http-error --output-document --start-pos --progress --timeout --dns-timeout --connect-timeout --read-timeout --wait --waitretry --quota --bind-address --limit-rate --restrict-file-names --prefer-family --user --password --use-askpass --local-encoding --remote-encoding --directory-prefix --cut-dirs --http-user --http-password --default-page --header --compression --max-redirect --proxy-user --proxy-password --referer --user-agent --load-cookies --save-cookies --post-data --post-file --method --body-data --body-file --secure-protocol --certificate --certificate-type --private-key --private-key-type --ca-certificate --ca-directory --crl-file --pinnedpubkey --ciphers --hsts-file --ftp-user --ftp-password --warc-file --warc-header --warc-max-size --warc-dedup --warc-tempdir --level --backups --accept --reject --accept-regex --reject-regex --regex-type --domains --exclude-domains --follow-tags --ignore-tags --include-directories --exclude-directories".split(
        " ",
      ),
      flags:
        "-q --quiet --background --debug --verbose --no-verbose --force-html --no-config --retry-connrefused --no-netrc --continue --show-progress --timestamping --no-if-modified-since --no-use-server-timestamps --server-response --spider --random-wait --no-proxy --no-dns-cache --ignore-case --ask-password --no-iri --unlink --xattr --no-directories --force-directories --no-host-directories --protocol-directories --no-cache --adjust-extension --ignore-length --save-headers --no-http-keep-alive --no-cookies --keep-session-cookies --content-disposition --content-on-error --auth-no-challenge --https-only --no-check-certificate --no-hsts --no-remove-listing --no-glob --no-passive-ftp --preserve-permissions --retr-symlinks --recursive --delete-after --convert-links --convert-file-only --backup-converted --mirror --page-requisites --strict-comments --follow-ftp --span-hosts --relative --trust-server-names --no-parent --help --version".split(
          " ",
        ),
      abbreviates: true,
    },
  ],
  known: "all",
  downloads: {
    output: ["-O", "--output-document"],
    keepsQuery: true,
    folder: ["-P", "--directory-prefix"],
    otherwise: [
      "-i",
      "-r",
      "-m",
      "-x",
      "--input-file",
      "--recursive",
      "--mirror",
      "--content-disposition",
      "--force-directories",
    ],
  },
};
