/** Finds secrets in files that may hold them. */
import { isPlaceholder } from "./placeholder.ts";
import { decodedBase64 } from "./decoded-base64.ts";
import { isInnocent } from "./names.ts";
import { privateKeyIn } from "./private-keys.ts";
import { assignmentsIn, tokensIn } from "./secrets.ts";

export interface SecretInFile {
  /** "a private key (RSA PRIVATE KEY)", "a registry password". */
  readonly name: string;
  /** Reason for a severity below error. */
  readonly harmless?: string;
  /** Not worth a warning: a store that is encrypted as a whole. */
  readonly isInfo?: true;
}

/** Size in bytes above which a file holds no credentials. */
const maxSize = 2 ** 20;

/** Files that exist to hold credentials, by the end of their path. */
const credentialFiles: readonly {
  readonly path: RegExp;
  readonly find: (text: string) => string | undefined;
}[] = [
  {
    path: /(?:^|\/)\.npmrc$/,
    find: (text) =>
      valueAfter(text, /^[^#;]*:?_(?:authToken|auth|password)\s*=\s*(.+)$/m, "an npm credential"),
  },
  {
    path: /(?:^|\/)\.yarnrc\.yml$/,
    find: (text) => valueAfter(text, /^\s*npmAuth(?:Token|Ident):\s*(.+)$/m, "an npm credential"),
  },
  {
    path: /(?:^|\/)[._]?netrc$/,
    find: (text) => valueAfter(text, /\bpassword\s+(\S+)/, "a login with password"),
  },
  {
    path: /(?:^|\/)(?:\.docker\/config|\.config\/helm\/registry\/config)\.json$|(?:^|\/)\.dockercfg$/,
    find: (text) => valueAfter(text, /"(?:auth|identitytoken|password)"\s*:\s*"([^"]+)"/, "a registry login"),
  },
  {
    path: /(?:^|\/)containers\/(?:\d+\/)?auth\.json$/,
    find: (text) => valueAfter(text, /"auth"\s*:\s*"([^"]+)"/, "a registry login"),
  },
  {
    path: /(?:^|\/)\.pypirc$/,
    find: (text) => valueAfter(text, /^\s*password\s*[:=]\s*(.+)$/m, "a package index password"),
  },
  {
    path: /(?:^|\/)\.cargo\/credentials(?:\.toml)?$/,
    find: (text) => valueAfter(text, /^\s*token\s*=\s*"([^"\n]+)"/m, "a Cargo registry token"),
  },
  {
    path: /(?:^|\/)\.gem\/credentials$/,
    find: (text) => valueAfter(text, /^:?[\w-]*api_key:\s*(\S+)/m, "a RubyGems key"),
  },
  {
    path: /(?:^|\/)(?:\.composer|\.config\/composer)\/auth\.json$/,
    find: (text) =>
      valueAfter(text, /"(?:password|token|[\w-]+(?:\.[\w-]+)+)"\s*:\s*"([^"]+)"/, "a Composer login"),
  },
  {
    path: /(?:^|\/)\.m2\/settings\.xml$/,
    // {…} is encrypted with a key in another file
    find: (text) => valueAfter(text, /<(?:password|passphrase)>\s*([^<{\s][^<]*)</, "a Maven password"),
  },
  {
    path: /(?:^|\/)nuget\.config$/i,
    find: (text) =>
      valueAfter(text, /key="ClearTextPassword"\s+value="([^"]+)"/i, "a NuGet source's password"),
  },
  {
    path: /(?:^|\/)\.vault-token$/,
    find: (text) => valueAfter(text, /^(\S{20,})\s*$/, "a Vault token"),
  },
  {
    path: /(?:^|\/)\.boto$/,
    find: (text) =>
      valueAfter(
        text,
        /^\s*(?:gs_secret_access_key|aws_secret_access_key|gs_oauth2_refresh_token)\s*=\s*(\S+)/m,
        "an object store's secret key",
      ),
  },
  {
    path: /(?:^|\/)credentials\.tfrc\.json$|(?:^|\/)\.terraformrc$/,
    find: (text) => valueAfter(text, /"?token"?\s*[:=]\s*"([^"\n]+)"/, "a Terraform token"),
  },
  {
    path: /(?:^|\/)\.s3cfg$/,
    find: (text) => valueAfter(text, /^\s*secret_key\s*=\s*(\S+)/m, "an object store's secret key"),
  },
  {
    path: /(?:^|\/)\.aws\/credentials$/,
    find: (text) => valueAfter(text, /^\s*aws_secret_access_key\s*=\s*(\S+)$/m, "an AWS secret access key"),
  },
  {
    path: /(?:^|\/)\.kube\/config$|(?:^|\/)kubeconfig$/,
    find: (text) =>
      valueAfter(text, /^\s*(?:client-key-data|token|password):\s*(\S+)$/m, "a cluster credential"),
  },
  {
    path: /(?:^|\/)(?:\.git-credentials|\.config\/git\/credentials)$/,
    find: (text) => valueAfter(text, /^\w+:\/\/[^:@\s]*:([^@\s]+)@/m, "a Git password"),
  },
  {
    path: /(?:^|\/)\.pgpass$/,
    find: (text) => valueAfter(text, /^(?:[^:#\n]*:){4}(.+)$/m, "a database password"),
  },
  {
    path: /(?:^|\/)\.my\.cnf$/,
    find: (text) => valueAfter(text, /^\s*password\s*=\s*"?([^"\n]+)"?\s*$/m, "a database password"),
  },
  {
    path: /(?:^|\/)(?:[\w-]+)?\.env(?:rc)?(?:\.(?!example|sample|template|dist|test|defaults?$)[\w.-]+)?$/,
    find: (text) => {
      const first = assignmentsIn(text).find(({ name, value }) => !isInnocent(name, value));
      return first === undefined ? undefined : `a value for ${first.name}`;
    },
  },
  {
    path: /\.tfstate(?:\.backup)?$/,
    find: (text) =>
      valueAfter(
        text,
        /"(?:password|secret_key|private_key|access_token|secret)"\s*:\s*"([^"]+)"/,
        "a secret of the infrastructure",
      ),
  },
  {
    path: /(?:^|\/)(?:application_default_credentials|credentials)\.json$/,
    find: (text) =>
      valueAfter(text, /"(?:client_secret|refresh_token)"\s*:\s*"([^"]+)"/, "a cloud credential"),
  },
];

/** Names and endings of files that hold private keys. */
const keyFile =
  /(?:^|\/)(?:id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?|identity|[^/]*_(?:rsa|ed25519|key)|ssh_host_\w+_key)$|\.(?:pem|key|ppk|asc|age|p8|pkcs8|crt|cert|ovpn|p12|pfx|jks|keystore|der)$|(?:^|\/)\.ssh\/(?!known_hosts|authorized_keys|config)[^/]+(?<!\.pub)$|(?:^|\/)age\/keys\.txt$/i;

/** Text that people write by hand: settings, source code, histories. */
const configFile =
  /\.(?:json|ya?ml|toml|ini|conf|cfg|properties|env|sh|bash|txt|config|tfvars|xml|gradle|js|mjs|cjs|ts|jsx|tsx|py|rb|php|go|java|kt|rs|cs|pl|lua|ps1|tf|hcl|sql|cnf|env|envrc|service|kubeconfig)$|(?:^|\/)(?:Dockerfile|Makefile|\.(?:bash|ash|zsh|python|node_repl|mysql|psql|rediscli|sqlite|irb|lesshst)_?history|\.envrc|[._]?netrc|token|credentials|secrets?|\.profile|\.bashrc|\.gitconfig|\.git\/config|config)$/;

/** Documentation, tests and the sources of tools are full of keys that open nothing; package managers own the rest of these places. */
const ignoredPlace =
  /(?:^|\/)(?:usr\/share\/(?:doc|man|info|perl|perl5|locale|zoneinfo|mime|icons|fonts|ca-certificates|bash-completion)|usr\/lib\/(?:[^/]+-linux-[^/]+\/)?(?:python3?|perl5?|perl-base|ruby|erlang|gcc|debug|locale)|usr\/include|proc|sys|dev)\/|(?:^|\/)(?:tests?|testing|testdata|test[-_]data|__tests__|specs?|fixtures?|examples?|samples?|docs?|mocks?|demos?|dummyserver|mysql-test|go\/src\/crypto|google-cloud-sdk)\//i;

/** Published packages hold keys and credentials of their authors' tests, which open nothing here. */
const installedLibrary =
  /(?:^|\/)(?:node_modules|site-packages|dist-packages|vendor|vendored|third[-_]?party|3rdparty|gems|\.cargo\/registry|go\/pkg\/mod|\.m2\/repository)\//;

/** Debian's package makes its own throw-away key for each machine. */
const harmlessFile = /(?:^|\/)ssl-cert-snakeoil\.key$/;

export function mayHoldSecret(path: string, size: number): boolean {
  if (size < 8 || size > maxSize || ignoredPlace.test(path) || harmlessFile.test(path)) return false;
  if (installedLibrary.test(path)) return false;
  if (credentialFiles.some(({ path: pattern }) => pattern.test(path))) return true;
  return keyFile.test(path) || configFile.test(path);
}

/** Returns the secret in a file; undefined when there is none. `text` has one character per byte. */
export function secretInFile(path: string, text: string): SecretInFile | undefined {
  const store = keyStoreIn(text);
  if (store !== undefined) return store;
  if (text.includes("\0")) return undefined;
  const key = privateKeyIn(text);
  if (key !== undefined) {
    return key.encrypted ? { name: key.name, harmless: "protected by a passphrase" } : { name: key.name };
  }
  for (const { path: pattern, find } of credentialFiles) {
    const name = pattern.test(path) ? find(text) : undefined;
    if (name !== undefined) return { name };
  }
  const cluster = kubeconfigIn(text);
  if (cluster !== undefined) return { name: cluster };
  const inside = decodedBase64(text);
  const hidden = privateKeyIn(inside);
  if (hidden !== undefined && !hidden.encrypted) return { name: `${hidden.name} in base64` };
  const [token] = [...tokensIn(text), ...tokensIn(inside)];
  return token === undefined ? undefined : { name: token.name };
}

/** A kubeconfig under any name, by its content (Kubernetes docs, kubeconfig v1). */
function kubeconfigIn(text: string): string | undefined {
  if (!/^\s*"?kind"?: "?Config"?/m.test(text) || !/^\s*-?\s*"?users"?:/m.test(text)) return undefined;
  return valueAfter(
    text,
    /^[ \t-]*"?(?:client-key-data|token|password)"?: "?([^\s"]+)/m,
    "a cluster credential",
  );
}

/**
 * Stores of keys by their first bytes: PKCS #12 (RFC 7292: SEQUENCE, version 3, the OID of PKCS #7 data), JKS and JCEKS,
 * and DER of a private key (RFC 5958 and RFC 8017: SEQUENCE, version 0, an algorithm or a modulus).
 */
function keyStoreIn(text: string): SecretInFile | undefined {
  if (/^\xfe\xed\xfe\xed|^\xce\xce\xce\xce/.test(text))
    return { name: "a key store (Java)", harmless: "protected by a passphrase", isInfo: true };
  // oxlint-disable-next-line no-control-regex
  if (/^\x30(?:\x82..|\x83...|\x81.|[\x00-\x7f])\x02\x01\x03\x30/s.test(text))
    return { name: "a key store (PKCS #12)", harmless: "protected by a passphrase", isInfo: true };
  // oxlint-disable-next-line no-control-regex
  if (/^\x30(?:\x82..|\x81.|[\x00-\x7f])\x02\x01\x00(?:\x30[\x03-\x20]\x06|\x02\x82)/s.test(text))
    return { name: "a private key (DER)" };
  return undefined;
}

function valueAfter(text: string, pattern: RegExp, name: string): string | undefined {
  const value = pattern
    .exec(text)?.[1]
    ?.trim()
    .replace(/^["']|["']$/g, "");
  return value === undefined || isPlaceholder(value) ? undefined : name;
}
