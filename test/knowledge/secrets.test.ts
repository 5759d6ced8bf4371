import { describe, expect, test } from "vitest";
import { tokenFormats } from "../../src/knowledge/secrets/patterns.ts";
import { mayHoldSecret, secretInFile } from "../../src/knowledge/secrets/secret-files.ts";
import { maskSecrets, privateKeyIn, secretMasker, tokensIn } from "../../src/knowledge/secrets/secrets.ts";
import { cpuGrowthOf } from "../support/work.ts";

// Every sample is put together here, so that no scanner takes this file for a leak.
const letters = "aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY";
const filler = letters.repeat(4);
const tokens: readonly [name: string, token: string][] = [
  ["an AWS access key ID", `AKI${"A"}Z7QX2M5KD4RT9WBC`],
  ["a GitHub token", `gh${"p_"}${filler.slice(0, 36)}`],
  ["a GitHub token", `github${"_pat_"}${filler.slice(0, 82)}`],
  ["a GitLab token", `glp${"at-"}${filler.slice(0, 20)}`],
  ["a Slack token", `xox${"b-"}${filler.slice(0, 30)}`],
  ["a Slack webhook", `hooks.slack${".com/services/"}T${"A1B2C3D4"}/B${"D4C3B2A1"}/${filler.slice(0, 24)}`],
  ["an npm token", `np${"m_"}${filler.slice(0, 36)}`],
  ["an npm credential", `//host/:${"_auth"}Token=${filler.slice(0, 24)}`],
  ["a PyPI token", `pyp${"i-AgE"}${filler.slice(0, 60)}`],
  ["a Docker Hub token", `dckr${"_pat_"}${filler.slice(0, 27)}`],
  ["a Stripe key", `sk${"_live_"}${filler.slice(0, 24)}`],
  ["a Google API key", `AI${"za"}${filler.slice(0, 35)}`],
  ["a SendGrid key", `S${"G."}${filler.slice(0, 22)}.${filler.slice(0, 43)}`],
  ["a DigitalOcean token", `dop${"_v1_"}${"0123456789abcdef".repeat(4)}`],
  ["a Hugging Face token", `h${"f_"}${"abcdEFGHijklMNOPqrstUVWXyzabCDEFgh"}`],
  ["a Vault token", `hv${"s."}${filler.slice(0, 28)}`],
  ["an OpenAI key", `sk${"-proj-"}${filler.slice(0, 48)}`],
  ["an Anthropic key", `sk${"-ant-"}api03-${filler.slice(0, 48)}`],
  ["an Azure storage key", `Account${"Key="}${filler.slice(0, 86)}==`],
  ["an age private key", `AGE${"-SECRET-KEY-1"}${"QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L".repeat(2).slice(0, 58)}`],
];

function pem(kind: string, body: string): string {
  return `-----BEGIN ${kind}-----\n${body}\n-----END ${kind}-----\n`;
}

describe("tokens", () => {
  test("every format has a sample", () => {
    expect(new Set(tokens.map(([name]) => name))).toEqual(new Set(tokenFormats.map(({ name }) => name)));
  });

  test.each(tokens)("%s is found and masked", (name, token) => {
    const text = `before "${token}" after`;
    expect(tokensIn(text).map((found) => found.name)).toContain(name);
    const masked = maskSecrets(text);
    expect(masked).not.toContain(token.slice(-12));
    expect(masked).toMatch(/^before ".*" after$/);
  });

  test("the placeholders of documentation are none", () => {
    expect(tokensIn(`AKI${"A"}IOSFODNN7EXAMPLE gh${"p_"}${"x".repeat(36)}`)).toEqual([]);
  });
});

describe("masking", () => {
  test.each([
    "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "COPY file:1f2e3d4c5b6a79881f2e3d4c5b6a79881f2e3d4c5b6a79881f2e3d4c5b6a7988 in /app",
    "ENV GPG_KEY=E3FF2839C048B25C084DEBE9B26995E310250568 PYTHON_VERSION=3.12.1",
    "https://deb.example.org/debian/pool/main/a/apt.deb and http://user@host/path",
    "RUN --mount=type=secret,id=token cat /run/secrets/token",
    "POSTGRES_PASSWORD_FILE=/run/secrets/db TOKEN=$TOKEN PASSWORD=${PASSWORD:-x} MYSQL_ALLOW_EMPTY_PASSWORD=yes",
    "max_tokens=4096 --passwordless=true API_KEY=<your key> SECRET=changeme",
    "line 7 added 83.4 MB in 1,204 files (/opt/app/token=abc)",
  ])("leaves alone: %s", (text) => {
    expect(maskSecrets(text)).toBe(text);
  });

  test.each([
    ["NPM_TOKEN=a1b2c3d4e5f6", "NPM_TOKEN=****"],
    ['ENV DB_PASSWORD="correct horse battery"', 'ENV DB_PASSWORD="corr****"'],
    ["|2 API_KEY=Zx81Qw72Er63 A=b /bin/sh -c make", "|2 API_KEY=**** A=b /bin/sh -c make"],
    ["curl https://me:Zx81Qw72Er63Ty54@host/x", "curl https://me:Zx81****@host/x"],
    ["mysql --password='Zx81Qw72'", "mysql --password='****'"],
  ])("%s", (text, masked) => {
    expect(maskSecrets(text)).toBe(masked);
    expect(maskSecrets(masked)).toBe(masked);
  });

  test("a key keeps its line ends", () => {
    const text = `RUN <<EOF\n${pem(`RSA ${"PRIVATE"} KEY`, `${filler}\n${filler}`)}EOF`;
    const masked = maskSecrets(text);
    expect(masked).not.toContain(letters);
    expect(masked.split("\n")).toHaveLength(text.split("\n").length);
  });

  test("the cost of a long line is linear in its length", () => {
    const masking = (n: number) => {
      const text = "a=b:c//d@e ".repeat(5 * n) + "https://".repeat(2 * n);
      return () => void maskSecrets(text);
    };
    expect(cpuGrowthOf(masking, 1000)).toBeLessThan(8);
  });
});

describe("values known from elsewhere", () => {
  const value = "Zx81Qw72Er63";
  const mask = secretMasker([
    { name: "DB_PASSWORD", value },
    { name: "SITE_PASSWORD", value: "wordpress" },
  ]);

  test.each([
    [`ENV DB_PASSWORD ${value}`, "ENV DB_PASSWORD ****"],
    [`RUN mysql -p${value} -e 1`, "RUN mysql -p**** -e 1"],
    [`line 3 (RUN mysql -p${value.slice(0, 7)}…) adds`, "line 3 (RUN mysql -p****…) adds"],
    ["ENV SITE_PASSWORD wordpress", "ENV SITE_PASSWORD ****"],
    ["/var/www/wordpress/index.php", "/var/www/wordpress/index.php"],
    ["nothing of it …", "nothing of it …"],
  ])("%s", (text, masked) => {
    expect(mask(text)).toBe(masked);
    expect(mask(masked)).toBe(masked);
  });

  test("the cost of a long text is linear in its length", () => {
    const masking = (n: number) => {
      const text = `${"x".repeat(n)}…`.repeat(3);
      return () => void mask(text);
    };
    expect(cpuGrowthOf(masking, 20_000)).toBeLessThan(8);
  });

  test("without any it is maskSecrets", () => {
    expect(secretMasker([])).toBe(maskSecrets);
  });
});

describe("private keys", () => {
  test("PEM kinds, with and without a passphrase", () => {
    for (const kind of ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "PGP PRIVATE KEY BLOCK"]) {
      expect(privateKeyIn(pem(kind, filler))).toMatchObject({ encrypted: false });
    }
    expect(privateKeyIn(pem("ENCRYPTED PRIVATE KEY", filler))).toMatchObject({ encrypted: true });
    expect(
      privateKeyIn(pem("RSA PRIVATE KEY", `Proc-Type: 4,ENCRYPTED\nDEK-Info: x\n\n${filler}`)),
    ).toMatchObject({ encrypted: true });
  });

  test("the OpenSSH format names its cipher", () => {
    const make = (cipher: string) => {
      const header = `openssh-key-v1\0\0\0\0${String.fromCharCode(cipher.length)}${cipher}`;
      return pem("OPENSSH PRIVATE KEY", btoa(header + "\0".repeat(60)));
    };
    expect(privateKeyIn(make("none"))).toMatchObject({ encrypted: false });
    expect(privateKeyIn(make("aes256-ctr"))).toMatchObject({ encrypted: true });
  });

  test("public keys, certificates and headers without a key are none", () => {
    expect(privateKeyIn(pem("PUBLIC KEY", filler))).toBeUndefined();
    expect(privateKeyIn(pem("CERTIFICATE", filler))).toBeUndefined();
    expect(privateKeyIn(pem("PRIVATE KEY", "..."))).toBeUndefined();
    expect(privateKeyIn("grep -----BEGIN PRIVATE KEY----- file")).toBeUndefined();
  });
});

describe("credential files", () => {
  const value = "Zx81Qw72Er63Ty54";
  test.each([
    ["root/.npmrc", `//registry.example.org/:_authToken=${value}`],
    ["root/.yarnrc.yml", `npmAuthToken: "${value}"`],
    ["home/me/.netrc", `machine host login me password ${value}`],
    ["root/.docker/config.json", `{"auths":{"host":{"auth":"${value}"}}}`],
    ["root/.config/containers/auth.json", `{"auths":{"host":{"auth":"${value}"}}}`],
    ["root/.pypirc", `[pypi]\nusername = me\npassword = ${value}`],
    ["root/.cargo/credentials.toml", `[registry]\ntoken = "${value}"`],
    ["root/.gem/credentials", `---\n:rubygems_api_key: ${value}`],
    [
      "root/.composer/auth.json",
      `{"http-basic":{"repo.example.org":{"username":"me","password":"${value}"}}}`,
    ],
    ["root/.config/composer/auth.json", `{"github-oauth":{"github.com":"${value}"}}`],
    ["root/.m2/settings.xml", `<server><id>x</id><password>${value}</password></server>`],
    ["root/.nuget/NuGet/NuGet.Config", `<add key="ClearTextPassword" value="${value}" />`],
    ["root/.vault-token", `${value}Ab12Cd34`],
    ["root/.s3cfg", `access_key = x\nsecret_key = ${value}`],
    ["root/.aws/credentials", `[default]\naws_secret_access_key = ${value}`],
    ["root/.kube/config", `users:\n- user:\n    token: ${value}`],
    ["root/.git-credentials", `https://me:${value}@host`],
    ["root/.pgpass", `host:5432:db:me:${value}`],
    ["root/.my.cnf", `[client]\npassword=${value}`],
    ["app/.env", `PORT=80\nDB_PASSWORD=${value}`],
    ["app/.env.production", `API_KEY=${value}`],
    ["srv/terraform.tfstate", `{"password": "${value}"}`],
    ["root/.config/gcloud/application_default_credentials.json", `{"refresh_token":"${value}"}`],
    ["app/config.json", `{"key":"gh${"p_"}${filler.slice(0, 36)}"}`],
    ["etc/ssh/ssh_host_ed25519_key", pem("OPENSSH PRIVATE KEY", filler)],
  ])("%s", (path, text) => {
    expect(mayHoldSecret(path, text.length)).toBe(true);
    expect(secretInFile(path, text)).toBeDefined();
  });

  test.each([
    ["root/.npmrc", "registry=https://registry.example.org/\n//x/:_authToken=${NPM_TOKEN}"],
    ["root/.docker/config.json", '{"credsStore":"pass"}'],
    ["app/.env", "PORT=8080\nDB_PASSWORD=changeme\nLOG_LEVEL=debug"],
    ["root/.m2/settings.xml", "<password>{COQLCE6DU6GtcS5P=}</password><password>${env.PASS}</password>"],
    ["root/.cargo/credentials.toml", "[registry]\n"],
    ["root/.nuget/NuGet/NuGet.Config", '<add key="nuget" value="https://host/v3/index.json" />'],
    ["app/key.pem", pem("CERTIFICATE", filler)],
    ["app/settings.yml", "token: ${TOKEN}\nname: x"],
    ["root/.ssh/id_rsa", "not a key at all"],
  ])("nothing in %s", (path, text) => {
    expect(secretInFile(path, text)).toBeUndefined();
  });

  test.each([
    "usr/share/doc/openssl/examples/key.pem",
    "usr/lib/python3/dist-packages/test/ssl_key.pem",
    "app/node_modules/http-proxy/test/fixtures/agent2-key.pem",
    "app/tests/certs/server.key",
    "usr/local/lib/python3.12/site-packages/x/config.json",
    "etc/ssl/private/ssl-cert-snakeoil.key",
    "app/.env.example",
    "usr/local/go/src/crypto/x509/platform_root_key.pem",
    "usr/lib/google-cloud-sdk/platform/gsutil/third_party/urllib3/dummyserver/certs/server.key",
    "opt/tool/third_party/x/certs/server.key",
    "usr/lib/x86_64-linux-gnu/perl-base/x.key",
    "app/node_modules/some-package/.env",
    "usr/local/lib/python3.12/site-packages/x/credentials.json",
    "usr/bin/program",
  ])("%s is not even read", (path) => {
    expect(mayHoldSecret(path, 1000)).toBe(false);
  });
});
