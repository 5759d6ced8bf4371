import { describe, expect, test } from "vitest";
import { tokenFormats } from "../../src/knowledge/secrets/issuers.ts";
import { KnownSecrets, secretsOf } from "../../src/knowledge/secrets/known.ts";
import { privateKeyIn } from "../../src/knowledge/secrets/private-keys.ts";
import { mayHoldSecret, secretInFile } from "../../src/knowledge/secrets/secret-files.ts";
import { assignmentsIn, maskSecrets, tokensIn } from "../../src/knowledge/secrets/secrets.ts";
import { commandForms, instructionForms, plainTexts } from "../support/secret-forms.ts";
import { cpuGrowthOf, growthOf } from "../support/work.ts";

// Every sample is put together here, so that no scanner takes this file for a leak.
const letters = "aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY";
const filler = letters.repeat(4);
const azurite = [
  "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq",
  "/K1SZFPTOtr/KBHBeksoGMGw==",
].join("");
const hex = "0123456789abcdef".repeat(4);
const lower = "a1b2c3d4e5f6g7h8".repeat(3);
const upper = "QPZRY2XG3TVDW7SJ5NKHCE6MUA4L".repeat(3);
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
  [
    "a GitHub token",
    `gh${"s_"}1234567_eyJ${filler.slice(0, 30)}.eyJ${filler.slice(0, 40)}.${filler.slice(0, 60)}`,
  ],
  ["a GitLab token", `glp${"at-"}${filler.slice(0, 27)}.01.${filler.slice(0, 9)}`],
  ["a Slack token", `xap${"p-"}1-A1B2C3D4-${filler.slice(0, 40)}`],
  ["a Discord webhook", `discord${".com/api/webhooks/"}123456789012345678/${filler.slice(0, 68)}`],
  ["a RubyGems key", `rubygem${"s_"}${hex.slice(0, 48)}`],
  ["a NuGet key", `oy${"2"}${lower.slice(0, 43)}`],
  ["an Artifactory token", `AKC${"p"}${filler.slice(0, 69)}`],
  ["a Square credential", `sq0csp${"-"}${filler.slice(0, 43)}`],
  ["a Shopify token", `shpa${"t_"}${hex.slice(0, 32)}`],
  ["a Google OAuth client secret", `GOCS${"PX-"}${filler.slice(0, 28)}`],
  ["a Brevo key", `xkeysi${"b-"}${hex.slice(0, 64)}-${filler.slice(0, 16)}`],
  ["a Heroku key", `HRKU${"-AA"}${filler.slice(0, 58)}`],
  ["a Fly.io token", `fm${"2_"}${filler.slice(0, 80)}`],
  ["a Netlify token", `nf${"p_"}${filler.slice(0, 36)}`],
  ["a Supabase key", `sb${"p_"}${hex.slice(0, 40)}`],
  ["a PlanetScale credential", `pscale${"_tkn_"}${filler.slice(0, 43)}`],
  ["a Terraform Cloud token", `${filler.slice(0, 14)}.atlas${"v1."}${filler.slice(0, 67)}`],
  ["a Pulumi token", `pul${"-"}${hex.slice(0, 40)}`],
  ["a Doppler token", `dp.p${"t."}${filler.slice(0, 43)}`],
  ["a 1Password service account token", `ops_${"eyJ"}${filler.repeat(2)}`],
  ["a Tailscale key", `tskey${"-auth-"}${filler.slice(0, 12)}-${filler.slice(0, 30)}`],
  ["an OpenRouter key", `sk-or${"-v1-"}${hex.slice(0, 64)}`],
  ["a Groq key", `gs${"k_"}${filler.slice(0, 52)}`],
  ["an xAI key", `xa${"i-"}${filler.slice(0, 80)}`],
  ["a Perplexity key", `ppl${"x-"}${filler.slice(0, 48)}`],
  ["a Replicate token", `r8${"_"}${filler.slice(0, 37)}`],
  ["an NVIDIA key", `nvap${"i-"}${filler.slice(0, 64)}`],
  ["a LangSmith key", `lsv2${"_pt_"}${hex.slice(0, 32)}_${hex.slice(0, 10)}`],
  ["a Grafana token", `gls${"a_"}${filler.slice(0, 32)}_${hex.slice(0, 8)}`],
  ["a Grafana token", `glc${"_eyJ"}${filler.slice(0, 60)}`],
  ["a New Relic key", `NRA${"K-"}${upper.slice(0, 27)}`],
  ["a Sentry token", `sntry${"s_eyJ"}${filler.slice(0, 60)}`],
  ["a Sentry token", `sntry${"u_"}${hex.slice(0, 64)}`],
  ["a Dynatrace token", `dt0c${"01."}${upper.slice(0, 24)}.${upper.repeat(2).slice(0, 64)}`],
  ["a PostHog key", `ph${"x_"}${filler.slice(0, 43)}`],
  ["a Mapbox secret token", `sk.${"eyJ"}${filler.slice(0, 60)}.${filler.slice(0, 22)}`],
  ["an Atlassian token", `ATAT${"T3"}${filler}${filler.slice(0, 60)}`],
  ["a Bitbucket app password", `ATB${"B"}${filler.slice(0, 32)}`],
  ["a Linear key", `lin${"_api_"}${filler.slice(0, 40)}`],
  ["a Notion token", `nt${"n_"}${filler.slice(0, 46)}`],
  ["a Figma token", `fig${"d_"}${filler.slice(0, 40)}`],
  ["a HubSpot token", `pat${"-na1-"}01234567-89ab-cdef-0123-456789abcdef`],
  ["a Postman key", `PMA${"K-"}${hex.slice(0, 24)}-${hex.slice(0, 34)}`],
  ["a Databricks token", `dap${"i"}${hex.slice(0, 32)}`],
  ["a SonarQube token", `sq${"u_"}${hex.slice(0, 40)}`],
  ["a Buildkite token", `bku${"a_"}${hex.slice(0, 40)}`],
  ["a CircleCI token", `CCIPA${"T_"}${filler.slice(0, 22)}_${hex.slice(0, 40)}`],
  ["an Alibaba Cloud access key ID", `LTA${"I"}${filler.slice(0, 20)}`],
  ["a Telegram bot token", `123456789${":AA"}${filler.slice(0, 33)}`],
  ["an Entra client secret", `abc${"8Q~"}${filler.slice(0, 34)}`],
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

  test("a token with dots is masked to its end", () => {
    const token = `gh${"s_"}1234567_eyJ${filler.slice(0, 30)}.eyJ${filler.slice(0, 40)}.${filler.slice(0, 60)}`;
    expect(maskSecrets(`Bearer ${token} x`)).toBe("Bearer ghs_**** x");
  });

  test("the placeholders of documentation are none", () => {
    expect(tokensIn(`AKI${"A"}IOSFODNN7EXAMPLE gh${"p_"}${"x".repeat(36)}`)).toEqual([]);
  });
});

describe("masking", () => {
  test.each(plainTexts)("leaves alone: %s", (text) => {
    expect(maskSecrets(text)).toBe(text);
  });

  test.each([...Object.entries(commandForms), ...Object.entries(instructionForms)])("%s", (_name, form) => {
    const value = "Zx81Qw72Er63Ty54Ui45";
    const known = new KnownSecrets();
    known.add(secretsOf(form(value)));
    const masked = known.mask(form(value));
    expect(masked).not.toContain(value.slice(4));
    expect(masked).not.toMatch(/Qw72Er63|Ty54Ui45/);
    expect(masked.split("\n")).toHaveLength(form(value).split("\n").length);
    expect(known.mask(masked)).toBe(masked);
  });

  // without another command before it, as in the most common form: RUN echo v | docker login --password-stdin
  test.each([
    (command: string) => `RUN ${command}`,
    (command: string) => `RUN --mount=type=cache,target=/x ${command}`,
    (command: string) => `ONBUILD RUN ${command}`,
    (command: string) => `RUN /bin/sh -c ${command} # buildkit`,
    (command: string) => `/bin/sh -c ${command}`,
    (command: string) => `|1 A=b /bin/sh -c ${command}`,
    (command: string) => `RUN set -eux; if true; then ${command}; fi`,
  ])("the first command behind %s", (instruction) => {
    const value = "Zx81Qw72Er63Ty54Ui45";
    const shown = Object.entries(commandForms).filter(([, form]) =>
      /Qw72Er63|Ty54Ui45/.test(maskSecrets(instruction(form(value)))),
    );
    expect(shown.map(([name]) => name)).toEqual([]);
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

  test.each([
    "a-",
    "a+",
    "a=b:c//d@e ",
    "https://",
    "token=",
    "token=/",
    "TOKEN='",
    'TOKEN="a ',
    "password: ",
    "eyJ-",

    "-----BEGIN PRIVATE KEY-----",
    "-----BEGIN A ",
    "curl -u ",
    '"curl",',
    "echo a|passwd;",
    "echo a|",
    "${TOKEN:-",

    'sh -c "curl ',
    "chpasswd <<A\n",
    "[a]\npassword=b c\n",
    "machine a password ",
    "machine a login a1b2c3d4e5f6 ",
    "echo a > token ",
    "identified with a ",
    "a:1:b:c:pgpass:",
    "<password>",
    '\\"token\\":',
    "Private-Lines: 9999\n",
    "token=1.1.",
    "--token=",
  ])("the cost of a long line of %j is linear in its length", (unit) => {
    const searching = (n: number) => {
      const text = unit.repeat(Math.ceil((40 * n) / unit.length));
      return () => {
        maskSecrets(text);
        tokensIn(text);
        assignmentsIn(text);
        privateKeyIn(text);
      };
    };
    expect(cpuGrowthOf(searching, 1000)).toBeLessThan(8);
  });

  test("the cost of a long run of backslashes behind a command is linear in its length", () => {
    const make = (size: number) => {
      const text = `RUN curl -u ${"\\".repeat(size)}\n`;
      return () => void maskSecrets(text);
    };
    expect(cpuGrowthOf(make, 10_000)).toBeLessThan(8);
  });
});

describe("values known from elsewhere", () => {
  const value = "Zx81Qw72Er63";
  const known = new KnownSecrets();
  known.add([
    { name: "DB_PASSWORD", value },
    { name: "SITE_PASSWORD", value: "wordpress" },
  ]);
  const mask = (text: string) => known.mask(text);

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

  test("one value may begin with another, and a long one is masked as a whole", () => {
    const long = Array.from({ length: 300 }, (_, i) => `q${i}`).join("");
    const several = new KnownSecrets();
    several.add(
      ["Zx81Qw7", "Zx81Qw72Er63", "Zx81Qw72Er63Ty5", long].map((each) => ({ name: "", value: each })),
    );
    expect(several.mask("Zx81Qw72Er6 Zx81Qw72Er63 Zx81Qw72Er63Ty5 Zx81Qw72Er63Tz")).toBe(
      "****2Er6 **** **** ****Tz",
    );
    expect(several.mask(`a ${long} b`)).toBe("a q0q1**** b");
  });

  test("the work of masking grows with the text, not with the number of values", () => {
    const masking = (n: number) => {
      const many = new KnownSecrets();
      const all = Array.from({ length: n }, (_, i) => ({ name: `A${i}_PASSWORD`, value: `Zx81Qw${i}Er63` }));
      many.add([...all, ...all.map(({ name }) => ({ name, value: "wordpress" }))]);
      const text = all.map((each) => `${each.name} is ${each.value} or wordpress`).join("\n");
      many.mask("first");
      return () => void many.mask(text);
    };
    expect(growthOf(masking, 200)).toBeLessThan(6);
  });

  test("the cost of a long text is linear in its length", () => {
    const masking = (n: number) => {
      const text = `${"x".repeat(n)}…`.repeat(3);
      return () => void mask(text);
    };
    expect(cpuGrowthOf(masking, 20_000)).toBeLessThan(8);
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

test("an encrypted key store is harmless", () => {
  expect(secretInFile("a.jks", `\xfe\xed\xfe\xed${"a".repeat(20)}`)).toMatchObject({ isInfo: true });
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
    // the incident key-inside-json: line ends written as two characters
    ["app/service-account.json", JSON.stringify({ private_key: pem("PRIVATE KEY", `${filler}\n${filler}`) })],
    ["app/credentials.json", JSON.stringify({ private_key: pem("PRIVATE KEY", `${filler}\n${filler}`) })],
    [
      "app/.env",
      `GOOGLE=${JSON.stringify(JSON.stringify({ key: pem("PRIVATE KEY", `${filler}\n${filler}`) }))}`,
    ],
    [
      "app/main.py",
      `KEY = "-----BEGIN PRIVATE KEY-----\\n" \\\n  "${filler}\\n" \\\n  "-----END PRIVATE KEY-----"`,
    ],
    ["app/settings.yml", `key: ${btoa(pem("RSA PRIVATE KEY", filler))}`],
    ["app/deploy.sh", `curl -H "X: gh${"p_"}${filler.slice(0, 36)}"\n${"# comment\n".repeat(40_000)}`],
    ["srv/.envrc", `export API_TOKEN=${value}`],
    ["srv/prod.env", `API_TOKEN=${value}`],
    ["srv/netrc", `machine host login me password ${value}`],
    ["root/.config/git/credentials", `https://me:${value}@host`],
    ["run/containers/0/auth.json", `{"auths":{"host":{"auth":"${value}"}}}`],
    ["root/.config/helm/registry/config.json", `{"auths":{"host":{"auth":"${value}"}}}`],
    ["root/.terraform.d/credentials.tfrc.json", `{"credentials":{"host":{"token":"${value}"}}}`],
    ["root/.boto", `[Credentials]\ngs_secret_access_key = ${value}`],
    ["root/.python_history", `login("gh${"p_"}${filler.slice(0, 36)}")`],
    ["srv/token", `gh${"p_"}${filler.slice(0, 36)}`],
    ["srv/staging.config", `kind: Config\nusers:\n- name: a\n  user:\n    token: ${value}`],
    ["etc/openvpn/client.ovpn", `<key>\n${pem("PRIVATE KEY", filler)}</key>`],
    ["etc/ssl/server.crt", pem("PRIVATE KEY", filler)],
    ["srv/key.der", `\x30\x82\x04\xbd\x02\x01\x00\x30\x0d\x06\x09${"a".repeat(40)}`],
    ["srv/store.p12", `\x30\x82\x04\xbd\x02\x01\x03\x30\x82${"a".repeat(40)}`],
    ["srv/store.jks", `\xfe\xed\xfe\xed\0\0\0\x02${"a".repeat(40)}`],
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
    ["app/local.settings.json", `AccountKey=${azurite}`],
    ["app/.env", "STOP_TOKEN=a1b2c3d4e5\nKUBERNETES_SECRET=my-app-secret\nSECRET_KEY_BASE=assets"],
    ["app/.env", `STRIPE_TOKEN=pk_live_${filler.slice(0, 24)}`],
    ["app/data.json", `{"a":"${btoa("plain words that open nothing at all, and more of them")}"}`],
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
