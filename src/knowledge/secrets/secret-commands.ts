/** Programs whose arguments carry secrets: those of the tool records, and the others here. */
import type { SecretArguments } from "../secret-arguments.ts";
import { tools } from "../tools/index.ts";

/** Programs without a record, from the manual page of each. */
const others: readonly (SecretArguments & { readonly names: readonly string[] })[] = [
  { names: ["http", "https", "xh"], options: [{ short: "a", long: ["auth"], after: ":" }] },
  {
    names: ["mysqladmin", "mariadb-admin"],
    options: [{ short: "p", attached: true }],
    words: [{ behind: /^password$/, skip: 0 }],
  },
  {
    names:
      "mysql mysqlcheck mysqldump mysqlimport mysqlshow mysqlpump mariadb mariadb-check mariadb-dump mariadb-import unrar rar".split(
        " ",
      ),
    options: [{ short: "p", attached: true }],
  },
  {
    names:
      "mongo mongosh mongodump mongorestore mongoimport mongoexport cqlsh twine influx sshpass useradd usermod adduser".split(
        " ",
      ),
    options: [{ short: "p" }],
  },
  {
    names: "docker podman nerdctl buildah skopeo oras helm crane regctl az cf oc expo".split(" "),
    options: [
      { short: "p", behind: "login" },
      { long: ["creds", "src-creds", "dest-creds"], after: ":" },
    ],
  },
  { names: ["redis-cli"], options: [{ short: "a" }] },
  {
    names: "ldapsearch ldapadd ldapmodify ldapdelete ldapwhoami ldappasswd".split(" "),
    options: [{ short: "w" }],
  },
  { names: ["sqlcmd", "bcp", "tsql", "zip"], options: [{ short: "P" }] },
  {
    names: ["sqlplus", "expdp", "impdp", "sqlldr", "rman"],
    login: /^[^\s/@]+\/([^\s/@]+)(?:@.*)?$/d,
  },
  { names: ["lftp"], options: [{ short: "u", long: ["user"], after: "," }] },
  { names: ["plink", "pscp", "psftp"], words: [{ behind: /^-pw$/, skip: 0 }] },
  { names: ["ssh-keygen"], options: [{ short: "NP" }] },
  {
    names: ["openssl"],
    options: [{ short: "kK", apart: true }],
    words: [{ behind: /^passwd$/, skip: 0 }],
  },
  { names: ["smbclient"], options: [{ short: "U", long: ["user"], after: "%" }] },
  {
    names: ["htpasswd", "mosquitto_passwd"],
    words: [
      { behind: /^-\w*b\w*$/, skip: 2 },
      // -n prints, so that no file is named
      { behind: /^-(?=\w*b)\w*n\w*$/, skip: 1 },
    ],
  },
  { names: ["x11vnc"], words: [{ behind: /^-(?:storepasswd|passwd)$/, skip: 0 }] },
  {
    names: ["rabbitmqctl"],
    words: [{ behind: /^(?:add_user|change_password|authenticate_user)$/, skip: 1 }],
  },
  { names: ["vault", "wandb"], words: [{ behind: /^login$/, skip: 0 }] },
  { names: ["slappasswd"], options: [{ short: "s" }] },
  { names: ["caddy"], options: [{ short: "p", long: ["plaintext"], behind: "hash-password" }] },
  { names: ["grafana-cli", "grafana"], words: [{ behind: /^reset-admin-password$/, skip: 0 }] },
  { names: ["neo4j-admin"], words: [{ behind: /^set-initial-password$/, skip: 0 }] },
  { names: ["rclone"], words: [{ behind: /^obscure$/, skip: 0 }] },
  // mc alias set NAME URL ACCESS SECRET
  { names: ["mc"], words: [{ behind: /^https?:\/\//, skip: 1 }] },
  { names: ["net"], words: [{ behind: /^user$/i, skip: 1 }] },
  { names: ["setx"], words: [{ behind: /(?:password|token|secret|api_?key)$/i, skip: 0 }] },
  { names: ["vercel", "codecov", "flyctl"], options: [{ short: "t" }] },
  { names: ["SUSEConnect"], options: [{ short: "r" }] },
  { names: ["rhc"], options: [{ short: "a", behind: "connect" }] },
  { names: ["snyk"], words: [{ behind: /^auth$/, skip: 0 }] },
  { names: ["ngrok"], words: [{ behind: /^(?:authtoken|add-authtoken)$/, skip: 0 }] },
  { names: ["pro", "ua"], words: [{ behind: /^attach$/, skip: 0 }] },
];

/** The arguments by the name of the program. */
export const secretArguments: ReadonlyMap<string, SecretArguments> = new Map(
  [
    ...others,
    ...tools.flatMap(({ names, helpers = [], secrets }) =>
      secrets === undefined ? [] : [{ names: [...names, ...helpers], ...secrets }],
    ),
  ].flatMap((entry) => entry.names.map((name) => [name, entry] as const)),
);
