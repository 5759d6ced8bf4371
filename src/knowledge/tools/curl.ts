/** curl. */
import type { Tool } from "../tool.ts";

export const curl: Tool = {
  id: "curl",
  names: ["curl"],
  source: "curl(1): -o, -O, -u, -U, -b, --oauth2-bearer",
  // curl(1): the value is the next word, never after `=`; unique beginnings count
  options: [
    {
      short: "AbcCdDeEFhHKmoPQrtTuUwxXyYz",
      long: "--abstract-unix-socket --alt-svc --aws-sigv4 --cacert --capath --cert --cert-type --ciphers --config --connect-timeout --connect-to --continue-at --cookie --cookie-jar --create-file-mode --crlfile --curves --data --data-ascii --data-binary --data-raw --data-urlencode --delegation --dns-interface --dns-ipv4-addr --dns-ipv6-addr --dns-servers --doh-url --dump-header --egd-file --engine --etag-compare --etag-save --expect100-timeout --form --form-string --ftp-account --ftp-alternative-to-user --ftp-method --ftp-port --ftp-ssl-ccc-mode --happy-eyeballs-timeout-ms --header --hostpubmd5 --hostpubsha256 --hsts --interface --json --keepalive-time --key --key-type --krb --libcurl --limit-rate --local-port --login-options --mail-auth --mail-from --mail-rcpt --max-filesize --max-redirs --max-time --netrc-file --noproxy --oauth2-bearer --output --output-dir --parallel-max --pass --pinnedpubkey --preproxy --proto --proto-default --proto-redir --proxy --proxy-cacert --proxy-capath --proxy-cert --proxy-cert-type --proxy-ciphers --proxy-crlfile --proxy-header --proxy-key --proxy-key-type --proxy-pass --proxy-pinnedpubkey --proxy-service-name --proxy-tls13-ciphers --proxy-tlsauthtype --proxy-tlspassword --proxy-tlsuser --proxy-user --proxy1.0 --pubkey --quote --random-file --range --rate --referer --request --request-target --resolve --retry --retry-delay --retry-max-time --sasl-authzid --service-name --socks4 --socks4a --socks5 --socks5-gssapi-service --socks5-hostname --speed-limit --speed-time --stderr --telnet-option --tftp-blksize --time-cond --tls-max --tls13-ciphers --tlsauthtype --tlspassword --tlsuser --trace --trace-ascii --unix-socket --upload-file --url --url-query --user --user-agent --variable --write-out".split(
        " ",
      ),
      flags:
        "-a -f -g -G -I -i -k -l -L -M -n -N -# -p -q -j -J -O -R -s -S -0 -1 -2 -3 -4 -6 -v -V -Z -B --anyauth --append --basic --cert-status --compressed --compressed-ssh --create-dirs --crlf --digest --disable --disable-eprt --disable-epsv --fail --fail-early --fail-with-body --false-start --form-escape --ftp-create-dirs --ftp-pasv --ftp-pret --ftp-skip-pasv-ip --ftp-ssl-ccc --get --globoff --haproxy-protocol --head --help --http0.9 --http1.0 --http1.1 --http2 --http2-prior-knowledge --http3 --ignore-content-length --include --insecure --ipv4 --ipv6 --junk-session-cookies --list-only --location --location-trusted --manual --negotiate --netrc --netrc-optional --next --no-alpn --no-buffer --no-clobber --no-keepalive --no-progress-meter --no-sessionid --ntlm --parallel --parallel-immediate --path-as-is --post301 --post302 --post303 --progress-bar --proxy-anyauth --proxy-basic --proxy-digest --proxy-insecure --proxy-negotiate --proxy-ntlm --proxytunnel --raw --remote-header-name --remote-name --remote-name-all --remote-time --remove-on-error --retry-all-errors --retry-connrefused --show-error --silent --ssl --ssl-reqd --styled-output --suppress-connect-headers --tcp-fastopen --tcp-nodelay --tlsv1 --tlsv1.0 --tlsv1.1 --tlsv1.2 --tlsv1.3 --tr-encoding --trace-time --use-ascii --verbose --version --xattr".split(
          " ",
        ),
      abbreviates: true,
    },
  ],
  known: "all",
  secrets: {
    options: [
      { short: "uU", long: ["user", "proxy-user"], after: ":" },
      { short: "b", long: ["cookie"], after: "=" },
      { long: ["oauth2-bearer"] },
      { short: "E", long: ["cert"], after: ":" },
    ],
    // a proxy or a URL without scheme
    login: /^(?:-x|--proxy=)?[^\s:/@]+:([^\s@/]+)@/d,
  },
  downloads: {
    output: ["-o", "--output"],
    named: ["-O", "--remote-name"],
    folder: [],
    otherwise: ["-J", "--remote-header-name", "--output-dir", "-Z", "--parallel", "-K", "--config"],
  },
};
