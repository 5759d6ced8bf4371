import { expect, test } from "vitest";
import { deletedLater } from "../../../rules/layers/deleted-later.ts";
import { secretInLayer } from "../../../rules/secrets/secret-in-layer.ts";
import { findingsOf } from "../../support/subject.ts";

const body = "aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY".repeat(3);
const key = JSON.stringify(
  `-----BEGIN RSA ${"PRIVATE"} KEY-----\n${body}\n-----END RSA ${"PRIVATE"} KEY-----\n`,
);
const token = `gh${"p_"}${body.slice(0, 36)}`;

test("a live key names its line", async () => {
  const [finding, ...rest] = await findingsOf(secretInLayer, {
    dockerfile: "FROM a\nCOPY key.pem /app/key.pem\n",
    layers: [`app/ app/key.pem(${key})`],
  });
  expect(rest).toEqual([]);
  expect(finding!.message).toBe(
    "line 2 puts a private key (RSA PRIVATE KEY) into the image: /app/key.pem (159 B)",
  );
  expect(finding).toMatchObject({ evidence: "both", locations: [{ layer: 0, path: "app/key.pem" }] });
  expect(finding!.severity).toBeUndefined();
});

test("a deleted key is reported as still readable, and a chmod in between does not make it two", async () => {
  const findings = await findingsOf(secretInLayer, {
    dockerfile: "FROM a\nCOPY key.pem /k.pem\nRUN chmod 600 /k.pem\nRUN rm /k.pem\n",
    layers: [`k.pem(${key})`, `k.pem(${key},mode=0600)`, ".wh.k.pem"],
  });
  expect(findings.map(({ message }) => message)).toEqual([
    "line 2 added a private key (RSA PRIVATE KEY), /k.pem (159 B), deleted by line 4, still readable in the layer of line 2",
  ]);
  expect(findings[0]!.locations.map(({ layer, label }) => [layer, label])).toEqual([
    [0, "added here"],
    [1, "copied here"],
    [2, "deleted here"],
  ]);
});

test("without a Dockerfile the layer is named", async () => {
  const [finding] = await findingsOf(secretInLayer, { layers: [`k.pem(${key})`] });
  expect(finding!.evidence).toBe("layers");
  expect(finding!.message).toContain("layer 0");
});

test("the base image's keys are info", async () => {
  const [finding] = await findingsOf(secretInLayer, {
    dockerfile: "FROM a\nRUN make\n",
    base: 1,
    layers: [`k.pem(${key})`, "made(1)"],
  });
  expect(finding!.severity).toBe("info");
});

test.each([
  [`ENV GH_TOKEN=${token}`, "error"],
  [`ARG URL=https://me:${body.slice(0, 12)}@host/`, "error"],
  [`RUN curl -H "Authorization: token ${token}" https://host`, "error"],
  [`ENV DB_PASSWORD=${body.slice(0, 14)}`, "warning"],
  [`ARG API_KEY=${body.slice(0, 14)}`, "warning"],
  [`ENV SECRET_KEY_BASE=${body.slice(0, 24)}`, "warning"],
  [`ENV RAILS_MASTER_KEY=${body.slice(0, 24)}`, "warning"],
  [`RUN <<EOF\necho ${token} > /dev/null\nEOF`, "error"],
])("in the Dockerfile: %s", async (line, severity) => {
  const findings = await findingsOf(secretInLayer, { dockerfile: `FROM a\n${line}\n` });
  expect(findings).toHaveLength(1);
  expect(findings[0]).toMatchObject({ severity, evidence: "dockerfile" });
  expect(findings[0]!.message).not.toContain(body.slice(0, 10));
});

test.each([
  "ARG NPM_TOKEN",
  "ENV NPM_TOKEN=$NPM_TOKEN",
  "ENV TOKEN_FILE=/run/secrets/token",
  "ENV DB_PASSWORD=postgres",
  "ENV TRUSTSTORE_PASSWORD=changeit",
  "ENV SECRET_KEY=django-insecure-r4nd0mch4r5",
  "ARG SECRET_KEY_BASE=1",
  "ENV SECRET_KEY_BASE_DUMMY=1",
  "ENV GPG_KEY=E3FF2839C048B25C084DEBE9B26995E310250568",
  "RUN --mount=type=secret,id=token NPM_TOKEN=$(cat /run/secrets/token) npm ci",
])("nothing in: %s", async (line) => {
  expect(await findingsOf(secretInLayer, { dockerfile: `FROM a\n${line}\n` })).toEqual([]);
});

test.each(["ENV NPM_TOKEN=$NPM_TOKEN", 'ENV A=1 NPM_TOKEN="${NPM_TOKEN}"', "ENV AUTH_TOKEN=${NPM_TOKEN}"])(
  "a build argument that becomes a variable stays: %s",
  async (line) => {
    const findings = await findingsOf(secretInLayer, { dockerfile: `FROM a\nARG NPM_TOKEN\n${line}\n` });
    expect(findings).toMatchObject([{ severity: "warning", evidence: "dockerfile" }]);
    expect(findings[0]!.message).toContain("keeps the build argument NPM_TOKEN");
  },
);

test("a token with dots in a header is found, and not shown", async () => {
  const dots = `gh${"s_"}1234567_eyJ${body.slice(0, 30)}.eyJ${body.slice(0, 40)}.${body}`;
  const line = `RUN curl -H "Authorization: Bearer ${dots}" https://host/x -o /tmp/x.tgz`;
  const findings = await findingsOf(secretInLayer, { dockerfile: `FROM a\n${line}\n` });
  expect(findings.map(({ message }) => message)).toEqual([
    "this RUN holds a GitHub token (ghs_****), which everybody who has the image can read",
  ]);
});

test.each([
  `ENV KEY=${JSON.stringify(JSON.parse(key)).replaceAll("$", "")}`,
  `ENV CONFIG=${btoa(JSON.parse(key) as string)}`,
  `CMD ["app", "${token}"]`,
  `HEALTHCHECK CMD curl -H "X: ${token}" https://host`,
])("in any instruction: %s", async (line) => {
  const findings = await findingsOf(secretInLayer, { dockerfile: `FROM a\n${line}\n` });
  expect(findings).toMatchObject([{ severity: "error" }]);
  expect(findings[0]!.message).not.toContain(body.slice(0, 10));
});

test.each([
  "RUN git clone https://$NPM_TOKEN@host/a",
  'RUN curl -H "X: ${NPM_TOKEN}" https://host\nRUN echo $NPM_TOKEN',
  "RUN <<EOF\nnpm config set //r/:_authToken $NPM_TOKEN\nEOF",
])("a build argument that a RUN uses is found once: %s", async (line) => {
  const findings = await findingsOf(secretInLayer, { dockerfile: `FROM a\nARG NPM_TOKEN\n${line}\n` });
  expect(findings).toMatchObject([{ severity: "warning", evidence: "dockerfile" }]);
  expect(findings[0]!.message).toContain("this RUN uses the build argument NPM_TOKEN");
  expect(findings[0]!.advice).toContain("--mount=type=secret");
});

test.each([
  "ARG NPM_TOKEN\nRUN make",
  "ARG NPM_VERSION\nRUN npm i $NPM_VERSION",
  "RUN echo $NPM_TOKEN",
  "ARG NPM_TOKEN\nRUN echo '\\$NPM_TOKEN'",
  "ARG NPM_TOKEN\nRUN NPM_TOKEN=$(cat /run/secrets/t) && echo $NPM_TOKEN",
  "ARG NPM_TOKEN\nRUN --mount=type=secret,id=t,env=NPM_TOKEN npm config set t $NPM_TOKEN",
  "ARG STOP_TOKEN\nRUN app $STOP_TOKEN",
  "ENV STOP_TOKEN=im_end_1",
  "ENV KUBERNETES_SECRET=my-app-secret",
  "ENV SECRET_KEY_BASE=assets",
  "ENV MAPBOX_TOKEN=pk.a1b2c3d4e5f6g7h8",
])("silent: %s", async (lines) => {
  expect(await findingsOf(secretInLayer, { dockerfile: `FROM a\n${lines}\n` })).toEqual([]);
});

test.each([
  "ARG SECRET_KEY_BASE=1\nENV SECRET_KEY_BASE=$SECRET_KEY_BASE",
  "ARG VERSION\nENV VERSION=$VERSION",
  "ARG NPM_TOKEN\nFROM b\nENV NPM_TOKEN=$NPM_TOKEN",
  "ARG NPM_TOKEN\nENV NPM_CONFIG_TOKEN_FILE=$NPM_TOKEN",
])("one that holds no secret, or is not in force, does not count: %s", async (lines) => {
  expect(await findingsOf(secretInLayer, { dockerfile: `FROM a\n${lines}\n` })).toEqual([]);
});

test("only what ends in the image counts: a builder stage's ENV does not", async () => {
  const dockerfile = `FROM a AS build\nENV GH_TOKEN=${token}\nFROM b\nCOPY --from=build /x /x\n`;
  expect(await findingsOf(secretInLayer, { dockerfile })).toEqual([]);
});

test("a build argument stays in the history, and is found once", async () => {
  const findings = await findingsOf(secretInLayer, {
    layers: ["a(1)", "b(1)"],
    history: [
      { createdBy: `RUN |1 NPM_TOKEN=${token} /bin/sh -c npm ci # buildkit`, emptyLayer: false },
      { createdBy: `RUN |1 NPM_TOKEN=${token} /bin/sh -c npm run build # buildkit`, emptyLayer: false },
    ],
  });
  expect(findings).toHaveLength(1);
  expect(findings[0]).toMatchObject({ evidence: "layers", locations: [{ layer: 0 }] });
  expect(findings[0]!.message).not.toContain(token);
});

test("an environment variable of the image that no line explains", async () => {
  const findings = await findingsOf(secretInLayer, {
    layers: ["a(1)"],
    config: { env: ["PATH=/bin", `AWS_SECRET_ACCESS_KEY=${body.slice(0, 40)}`] },
  });
  expect(findings.map(({ severity }) => severity)).toEqual(["warning"]);
});

test("a key in a heredoc of the Dockerfile", async () => {
  const pem = JSON.parse(key) as string;
  const dockerfile = `FROM a\nCOPY <<KEY /root/.ssh/id_rsa\n${pem}KEY\nRUN make\n`;
  const findings = await findingsOf(secretInLayer, { dockerfile });
  expect(findings.map(({ message, severity }) => [message, severity])).toEqual([
    ["this COPY holds a private key (RSA PRIVATE KEY), which everybody who has the image can read", "error"],
  ]);
});

test("credentials that a later line overwrites are reported as still readable", async () => {
  const npmrc = (value: string) => JSON.stringify(`//host/:_auth${"Token"}=${value}\n`);
  const findings = await findingsOf(secretInLayer, {
    dockerfile: "FROM a\nCOPY a /root/\nCOPY b /root/\nCOPY c /root/\n",
    layers: [
      `root/.npmrc(${npmrc(body.slice(0, 20))})`,
      `root/.npmrc(${npmrc(body.slice(1, 21))})`,
      'root/.npmrc("registry=https://host/\\n")',
    ],
  });
  expect(findings.map(({ message }) => message)).toEqual([
    "line 2 added an npm credential, /root/.npmrc (40 B), overwritten by line 3, still readable in the layer of line 2",
    "line 3 added an npm credential, /root/.npmrc (40 B), overwritten by line 4, still readable in the layer of line 3",
  ]);
});

test("a key that is deleted and comes back is live", async () => {
  const [finding, ...rest] = await findingsOf(secretInLayer, {
    layers: [`k.pem(${key})`, ".wh.k.pem", `k.pem(${key})`],
  });
  expect(rest).toEqual([]);
  expect(finding!.message).toContain("puts a private key");
});

test("a setting of the base image is for its maintainer", async () => {
  const [finding, ...rest] = await findingsOf(secretInLayer, {
    dockerfile: "FROM a\nRUN x\n",
    base: 1,
    layers: ["x(5)", "y(5)"],
    history: [
      { createdBy: `ENV DB_PASSWORD=${body.slice(0, 14)}`, emptyLayer: true },
      { createdBy: "base", emptyLayer: false },
      { createdBy: "RUN /bin/sh -c x # buildkit", emptyLayer: false },
    ],
    config: { env: [`DB_PASSWORD=${body.slice(0, 14)}`] },
  });
  expect(rest).toEqual([]);
  expect(finding).toMatchObject({ severity: "info" });
  expect(finding!.advice).toContain("base image");
});

test("a value with blanks is one secret, in the history and in the environment", async () => {
  const value = `${body.slice(0, 10)} ${body.slice(3, 13)}`;
  const findings = await findingsOf(secretInLayer, {
    layers: ["a(1)"],
    history: [
      { createdBy: `ENV DB_PASSWORD=${value}`, emptyLayer: true },
      { createdBy: "RUN /bin/sh -c make # buildkit", emptyLayer: false },
    ],
    config: { env: [`DB_PASSWORD=${value}`] },
  });
  expect(findings).toHaveLength(1);
});

test("a recorded command is masked before it is cut short", async () => {
  const [finding] = await findingsOf(deletedLater, {
    layers: ["a(200000)", ".wh.a"],
    history: [
      { createdBy: `RUN /bin/sh -c curl -H 'X: ${token}' # buildkit`, emptyLayer: false },
      { createdBy: "RUN /bin/sh -c rm a # buildkit", emptyLayer: false },
    ],
  });
  expect(finding!.message).toContain("curl");
  expect(finding!.message).not.toContain(token.slice(0, 10));
});

test.each([
  ["COPY id_rsa /root/.ssh/id_rsa", "line 2 copies id_rsa into the image, a private SSH key by its name"],
  [
    "ADD keys/id_ed25519 /root/.ssh/",
    "line 2 copies keys/id_ed25519 into the image, a private SSH key by its name",
  ],
  ["COPY a .netrc /root/", "line 2 copies .netrc into the image, a file of passwords by its name"],
])("without layers, a file that holds only a key is found by its name: %s", async (line, message) => {
  const found = await findingsOf(secretInLayer, { dockerfile: `FROM a\n${line}\n` });
  expect(found).toMatchObject([{ severity: "warning", evidence: "dockerfile" }]);
  expect(found[0]?.message).toContain(message);
});

test.each([
  "COPY id_rsa.pub /root/.ssh/authorized_keys",
  "COPY tests/id_rsa /app/tests/",
  "COPY --from=b /id_rsa /id_rsa",
  "RUN --mount=type=bind,source=id_rsa,target=/k true",
  "COPY id_rsa /k\nFROM b",
])("no key by its name: %s", async (line) => {
  expect(await findingsOf(secretInLayer, { dockerfile: `FROM a\n${line}\n` })).toEqual([]);
});

test("where the layer shows that the file is no key, its name does not count", async () => {
  const sketch = {
    dockerfile: "FROM a\nCOPY id_rsa /root/id_rsa\n",
    layers: ['root/ root/id_rsa("for later")'],
  };
  expect(await findingsOf(secretInLayer, sketch)).toEqual([]);
});

test("the advice for a key that is deleted later is a secret mount", async () => {
  const [finding] = await findingsOf(deletedLater, {
    dockerfile: "FROM a\nCOPY id_rsa /root/.ssh/id_rsa\nRUN git clone x && rm /root/.ssh/id_rsa\n",
  });
  expect(finding?.advice).toContain("--mount=type=secret");
});
